"""Which colours go together, by where they stand on the painter's wheel."""

from enum import StrEnum
from functools import cache

from wardrobe.models import UserWardrobeItem

Colour = UserWardrobeItem.Colour
NEUTRAL = {Colour.BLACK, Colour.GREY, Colour.WHITE, Colour.BEIGE, Colour.BROWN}
# Degrees: yellow stands opposite purple, red opposite green, blue opposite orange; tints with them.
HUES = {
    Colour.RED: 0,
    Colour.ORANGE: 60,
    Colour.YELLOW: 120,
    Colour.GREEN: 180,
    Colour.LIGHT_BLUE: 225,
    Colour.BLUE: 240,
    Colour.PURPLE: 300,
    Colour.PINK: 345,
}
ANALOGOUS_DEGREES = 60
COMPLEMENTARY_DEGREES = 150


class Harmony(StrEnum):
    """Why two colours are worn together, or are not."""

    ANALOGOUS = "analogous"
    COMPLEMENTARY = "complementary"
    NEUTRAL = "neutral"
    UNKNOWN = "unknown"
    NONE = "none"


STRENGTH = {
    Harmony.ANALOGOUS: 1.0,
    Harmony.COMPLEMENTARY: 0.9,
    Harmony.NEUTRAL: 0.8,
    Harmony.UNKNOWN: 0.5,
    Harmony.NONE: 0.1,
}


@cache
def between(one: str, other: str) -> Harmony:
    """How two colours of wardrobe items ("" is unknown) go together.

    With d = min(|a - b|, 360 - |a - b|), the distance of their hues on the wheel of 360 degrees: to
    60 it is analogous (neighbours and the colour itself), from 150 complementary, and between those
    none. A neutral goes with anything. The wheel and the two schemes are those of Johannes Itten,
    The Art of Color, 1961 (red, yellow and blue 120 degrees apart).
    """
    if NEUTRAL & {one, other}:
        return Harmony.NEUTRAL
    if "" in {one, other}:
        return Harmony.UNKNOWN
    apart = abs(HUES[Colour(one)] - HUES[Colour(other)])
    distance = min(apart, 360 - apart)
    if distance <= ANALOGOUS_DEGREES:
        return Harmony.ANALOGOUS
    return Harmony.COMPLEMENTARY if distance >= COMPLEMENTARY_DEGREES else Harmony.NONE


def strength(one: str, other: str) -> float:
    """How well the colours go together, between 0 and 1."""
    return STRENGTH[between(one, other)]
