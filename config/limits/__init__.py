"""Which limit every address has, and the middleware that keeps it."""
