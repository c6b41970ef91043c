"""A contact sheet: every result with the photo and the garment it was made of."""

from collections.abc import Iterable
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from generations.engines.local.pixels import Array

TILE = (240, 330)
CAPTION, MARGIN = 14, 2
COLUMNS = 8
QUALITY = 82


def tile(photo: Array, garment: Array, result: Array | None, caption: str) -> Image.Image:
    """One result, or an empty place for a refusal, with both inputs in its corners."""
    width, height = TILE
    picture = Image.new("RGB", (width, height + CAPTION), "white")
    if result is not None:
        fitted = ImageOps.contain(Image.fromarray(result), TILE)
        picture.paste(fitted, ((width - fitted.width) // 2, 0))
    for index, small in enumerate((photo, garment)):
        corner = ImageOps.contain(Image.fromarray(small), (width // 4, height // 4))
        picture.paste(corner, (index * (width - corner.width), 0))
    ImageDraw.Draw(picture).text((MARGIN, height + 1), caption, fill="black")
    return picture


def write(tiles: Iterable[Image.Image], path: Path, columns: int = COLUMNS) -> None:
    """All tiles in rows, as one JPEG."""
    tiles = list(tiles)
    width, height = TILE[0], TILE[1] + CAPTION
    rows = -(-len(tiles) // columns)
    sheet = Image.new("RGB", (columns * width, rows * height), "white")
    for index, one in enumerate(tiles):
        sheet.paste(one, (index % columns * width, index // columns * height))
    sheet.save(path, "JPEG", quality=QUALITY)
