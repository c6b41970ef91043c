"""A shop's money on its way to its bank."""
