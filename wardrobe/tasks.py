"""What the worker runs: hand the row to the domain."""

from wardrobe.looks import noting
from wardrobe.outfits import covers


def draw_cover(outfit_id: int) -> None:
    covers.draw(outfit_id)


def look_at_item(item_id: int) -> None:
    noting.look_at(item_id)
