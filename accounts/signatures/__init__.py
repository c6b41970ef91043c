"""Signed requests (RFC 9421): the keys that sign, and the guard that asks for a signature."""
