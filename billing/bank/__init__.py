"""A shop's account at its bank."""
