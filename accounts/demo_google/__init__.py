"""A Google of our own on loopback, so that the code that talks to Google runs with no network."""
