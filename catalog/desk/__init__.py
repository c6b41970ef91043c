"""The moderators' desk: what an administrator sees of a product before deciding about it."""
