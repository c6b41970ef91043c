"""What the worker runs: hand the row to the domain."""

from wardrobe.outfits import covers


def draw_cover(outfit_id: int) -> None:
    covers.draw(outfit_id)
