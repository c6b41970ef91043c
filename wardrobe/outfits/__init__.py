"""Outfits: what of a wardrobe is worn together, its picture, and links to it."""
