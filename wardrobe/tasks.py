"""What the worker runs: hand the row to the domain."""

from wardrobe.archives import exporting, importing, requesting
from wardrobe.looks import noting
from wardrobe.outfits import covers


def draw_cover(outfit_id: int) -> None:
    covers.draw(outfit_id)


def look_at_item(item_id: int) -> None:
    noting.look_at(item_id)


def export_wardrobe(archive_id: int) -> None:
    exporting.make(archive_id)


def import_wardrobe(archive_id: int) -> None:
    importing.run(archive_id)


def clear_archives() -> int:
    return requesting.clear_old()
