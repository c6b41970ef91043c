"""What became of the stock, for its shop to read."""
