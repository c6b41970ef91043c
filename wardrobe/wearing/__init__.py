"""What was worn when, what is to be worn, and what hangs in the wardrobe unworn."""
