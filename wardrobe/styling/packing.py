"""What to take along on a journey, out of one's own wardrobe."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from accounts.models import User
from catalog.garment_kinds import Place
from wardrobe.models import UserWardrobeItem
from wardrobe.styling import harmony, pieces
from wardrobe.styling.harmony import Harmony
from wardrobe.styling.pieces import Piece

Season = UserWardrobeItem.Season
Reason = Literal["favorite", "of_the_season", "goes_with_all", "needed"]
WASHED_AFTER_DAYS = 7
LONG_DAYS = 4  # from so many days, a second pair of shoes
SUMMER_FROM, WINTER_UP_TO = 18, 0  # °C
MATTERS = {"favorite": 0.5, "of_the_season": 0.5}  # beside harmony, which is up to 1


@dataclass(frozen=True, slots=True)
class Packed(Piece):
    """A thing to take, and why this one."""

    reasons: list[Reason]


@dataclass(frozen=True, slots=True)
class PackingList:
    """How many of each place the journey wants, what there is for it, and how many are missing."""

    wanted: dict[Place, int]
    packed: list[Packed]
    missing: dict[Place, int]


def season_at(temperature: float) -> UserWardrobeItem.Season:
    """The season whose clothes fit so many °C."""
    if temperature >= SUMMER_FROM:
        return Season.SUMMER
    return Season.WINTER if temperature <= WINTER_UP_TO else Season.DEMI_SEASON


def pack(user: User, day: date, days: int, season: str) -> PackingList:
    """The list for a journey of so many days from that day; the same wish gives the same list."""
    wearable = pieces.of(user, day, season)
    wanted = _wanted(days, season)
    packed: list[Packed] = []
    for place, count in wanted.items():
        packed += _best(wearable[place], packed, season, count)
    short = {place: count - _count(packed, place) for place, count in wanted.items()}
    dresses = _best(wearable[Place.DRESS], packed, season, short[Place.TOP])
    short[Place.TOP] -= len(dresses)  # a dress makes a day as well
    missing = {place: count for place, count in short.items() if count}
    return PackingList(wanted, packed + dresses, missing)


def _wanted(days: int, season: str) -> dict[Place, int]:
    """A top for every day until the washing, a bottom for every other; bottoms are chosen first."""
    unwashed = min(days, WASHED_AFTER_DAYS)
    is_warm = season == Season.SUMMER
    wanted = {
        Place.BOTTOM: math.ceil(unwashed / 2),
        Place.TOP: unwashed,
        Place.OUTER: 0 if is_warm else 1 + (season == Season.WINTER and days > WASHED_AFTER_DAYS),
        Place.SHOES: 2 if days >= LONG_DAYS else 1,
        Place.HAT: 0 if season == Season.DEMI_SEASON else 1,
    }
    return {place: count for place, count in wanted.items() if count}


def _count(packed: list[Packed], place: Place) -> int:
    return sum(each.place == place for each in packed)


def _best(
    candidates: Sequence[Piece], chosen: Sequence[Piece], season: str, count: int
) -> list[Packed]:
    """The favourites, those made for the season, and those that go with what is chosen already."""
    known = [
        Packed(piece.item, piece.place, piece.rest, _reasons(piece, chosen, season))
        for piece in candidates
    ]
    known.sort(key=lambda each: -_worth(each, chosen))
    return known[:count]


def _reasons(piece: Piece, chosen: Sequence[Piece], season: str) -> list[Reason]:
    applies: dict[Reason, bool] = {
        "favorite": piece.item.is_favorite,
        "of_the_season": piece.item.season == season,
        "goes_with_all": bool(chosen) and all(_goes_with(piece, other) for other in chosen),
    }
    return [reason for reason, is_so in applies.items() if is_so] or ["needed"]


def _goes_with(one: Piece, other: Piece) -> bool:
    known = harmony.between(one.colour, other.colour)
    return known not in {Harmony.NONE, Harmony.UNKNOWN}


def _worth(packed: Packed, chosen: Sequence[Piece]) -> float:
    colour = packed.colour
    strengths = [harmony.strength(colour, other.colour) for other in chosen]
    alone = harmony.STRENGTH[Harmony.NEUTRAL] * (colour in harmony.NEUTRAL)
    together = sum(strengths) / len(strengths) if strengths else alone
    return together + sum(MATTERS.get(reason, 0) for reason in packed.reasons)
