"""What a picture tells of a garment: its colour, and whether it is kept already."""
