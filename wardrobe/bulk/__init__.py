"""Many items at once: each under a key of its own, so that sending again adds nothing."""
