"""Signing in over HTTP: by an id_token, by a code, and by what a browser brings back."""
