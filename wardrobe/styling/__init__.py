"""What of a wardrobe goes together, and what to take along."""
