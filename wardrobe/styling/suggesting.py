"""Outfits out of one's own wardrobe: colours that go together, fit for the season, long not worn.

No model and no chance: the same wardrobe on the same day gives the same outfits.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from catalog.garment_kinds import Place
from wardrobe.models import UserWardrobeItem
from wardrobe.styling import harmony, pieces
from wardrobe.styling.harmony import Harmony
from wardrobe.styling.pieces import Piece, Pieces

Season = UserWardrobeItem.Season
CONSIDERED = 40  # of each place, the most rested: bounds the pairs that are compared
ADDED = {
    Season.SUMMER: [Place.SHOES],
    Season.DEMI_SEASON: [Place.OUTER, Place.SHOES],
    Season.WINTER: [Place.OUTER, Place.SHOES, Place.HAT],
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to wear together. `score` is 0 to 2; `missing` is what the season wants besides."""

    pieces: list[Piece]
    harmony: Harmony
    score: float
    missing: list[Place]


def suggest(user: User, day: date, season: str, count: int) -> list[Suggestion]:
    """Up to so many outfits, the best first; a top, a bottom or a dress is in one of them."""
    wearable = pieces.of(user, day, season)
    bases = sorted(_bases(wearable), key=lambda base: -_score(base))
    return [_completed(base, wearable, season) for base in _different(bases, count)]


def _bases(wearable: Pieces) -> Iterator[tuple[Piece, ...]]:
    """Every dress, and every top with every bottom that its colour goes with."""
    yield from ((dress,) for dress in wearable[Place.DRESS][:CONSIDERED])
    for top in wearable[Place.TOP][:CONSIDERED]:
        for bottom in wearable[Place.BOTTOM][:CONSIDERED]:
            if harmony.between(top.colour, bottom.colour) != Harmony.NONE:
                yield top, bottom


def _score(worn: tuple[Piece, ...]) -> float:
    """How well its colours go together, and how rested it is: each counts up to 1."""
    rest = sum(piece.rest for piece in worn) / len(worn)
    return _weakest(worn) + rest


def _weakest(worn: Iterable[Piece]) -> float:
    """The harmony of a whole is that of its worst pair."""
    return min((harmony.STRENGTH[each] for each in _pairs(worn)), default=1.0)


def _pairs(worn: Iterable[Piece]) -> Iterator[Harmony]:
    colours = [piece.colour for piece in worn]
    for number, one in enumerate(colours):
        yield from (harmony.between(one, other) for other in colours[:number])


def _different(bases: list[tuple[Piece, ...]], count: int) -> Iterator[tuple[Piece, ...]]:
    used: set[int] = set()
    for base in bases:
        items = {piece.item.pk for piece in base}
        if count and not items & used:
            used |= items
            count -= 1
            yield base


def _completed(base: tuple[Piece, ...], wearable: Pieces, season: str) -> Suggestion:
    worn, missing = base, []
    for place in ADDED[Season(season)]:
        fitting = wearable[place][:CONSIDERED]
        if fitting:
            worn = (*worn, max(fitting, key=lambda piece: _score((*worn, piece))))
        else:
            missing.append(place)
    reason = min(_pairs(worn), key=harmony.STRENGTH.__getitem__, default=Harmony.NEUTRAL)
    return Suggestion(list(worn), reason, round(_score(worn), 3), missing)
