"""Which garment people mean: its kind, where it is worn, and which category it belongs to."""

from enum import StrEnum
from functools import cache
from pathlib import Path

from catalog.models import Category
from core import words

WORDS = Path(__file__).with_name("garment_words.toml")


class Kind(StrEnum):
    """The garments that can be told apart by their names, and drawn."""

    T_SHIRT = "t_shirt"
    LONGSLEEVE = "longsleeve"
    TANK = "tank"
    SHIRT = "shirt"
    HOODIE = "hoodie"
    SWEATER = "sweater"
    JACKET = "jacket"
    COAT = "coat"
    DRESS = "dress"
    SKIRT = "skirt"
    TROUSERS = "trousers"
    JEANS = "jeans"
    SHORTS = "shorts"

    @property
    def has_shoulders(self) -> bool:
        return self not in {Kind.SKIRT, Kind.TROUSERS, Kind.JEANS, Kind.SHORTS}


class Place(StrEnum):
    """What a thing is in an outfit."""

    TOP = "top"
    BOTTOM = "bottom"
    DRESS = "dress"
    OUTER = "outer"
    SHOES = "shoes"
    HAT = "hat"


WORN_AS = {
    Category.Garment.TOP: Place.TOP,
    Category.Garment.BOTTOM: Place.BOTTOM,
    Category.Garment.SKIRT: Place.BOTTOM,
    Category.Garment.DRESS: Place.DRESS,
    Category.Garment.OUTER: Place.OUTER,
}
# The categories that every platform starts with, and where what they hold is worn.
KEPT_UNDER = {
    Kind.T_SHIRT: ("t-shirts", Place.TOP),
    Kind.LONGSLEEVE: ("longsleeves", Place.TOP),
    Kind.TANK: ("t-shirts", Place.TOP),
    Kind.SHIRT: ("shirts", Place.TOP),
    Kind.HOODIE: ("sweaters", Place.TOP),
    Kind.SWEATER: ("sweaters", Place.TOP),
    Kind.JACKET: ("outerwear", Place.OUTER),
    Kind.COAT: ("outerwear", Place.OUTER),
    Kind.DRESS: ("dresses", Place.DRESS),
    Kind.SKIRT: ("skirts", Place.BOTTOM),
    Kind.TROUSERS: ("trousers", Place.BOTTOM),
    Kind.JEANS: ("trousers", Place.BOTTOM),
    Kind.SHORTS: ("shorts", Place.BOTTOM),
    "shoes": ("shoes", Place.SHOES),
    "hat": ("hats", Place.HAT),
}


BY_SLUG = dict(KEPT_UNDER.values())


def named(text: str) -> tuple[list[Kind], list[str]]:
    """The kinds of garments and the materials that a plain text names, in its order."""
    tables = _tables()
    materials, rest = words.found(tables["materials"], text)
    # "Denim jacket" names a material, "jeans" a garment: what is no garment may be a material.
    kinds, _ = words.found(tables["garments"], rest)
    kinds = kinds or words.found(tables["garments"], text)[0]
    return [Kind(kind) for kind in kinds], materials


def kept_under(text: str) -> tuple[str, Place] | None:
    """The short name of the category of what a text names first, and where that is worn."""
    tables = _tables()
    text = words.plain(text)
    others, rest = words.found(tables["others"], text)
    known = [*others, *named(rest)[0]]
    return KEPT_UNDER[known[0]] if known else None


def place_of(category: Category | None, name: str) -> Place | None:
    """Where a thing of that category, or of that name, is worn; None where neither tells."""
    place = WORN_AS.get(Category.Garment(category.garment)) if category else None
    if place is None and category:
        place = BY_SLUG.get(category.slug)
    known = kept_under(name) if place is None else None
    return known[1] if known else place


@cache
def _tables() -> dict[str, words.Table]:
    return words.tables(WORDS)
