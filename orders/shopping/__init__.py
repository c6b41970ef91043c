"""The cart over the API."""
