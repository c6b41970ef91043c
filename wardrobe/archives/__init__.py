"""A wardrobe as ZIP files: written for its owner to keep, and read back."""
