"""How often products are looked at, counted without a write of the database for each look."""
