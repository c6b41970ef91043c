"""Where the providers send a browser back to."""
