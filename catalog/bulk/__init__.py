"""A shop's products as sheets: written for it to keep, and read back."""
