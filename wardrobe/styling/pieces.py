"""What of a wardrobe may be worn on a day, each where it is worn, the rested ones first."""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q

from accounts.models import User
from catalog.garment_kinds import Place, place_of
from wardrobe.models import UserWardrobeItem

Season = UserWardrobeItem.Season
RESTED_DAYS = 30  # after so many days a thing is as welcome as one never worn
MONTHS = {
    **dict.fromkeys([11, 12, 1, 2, 3], Season.WINTER),
    **dict.fromkeys([6, 7, 8], Season.SUMMER),
}
READ = ["user", "name", "images", "colour", "season", "is_favorite"]
READ += ["category", "category__slug", "category__garment"]
WORN = Q(wears__is_planned=False)


@dataclass(frozen=True, slots=True)
class Piece:
    """An item, where it is worn, and how rested it is on the day: 0 worn that day, 1 long ago."""

    item: UserWardrobeItem
    place: Place
    rest: float

    @property
    def colour(self) -> str:
        return self.item.colour


Pieces = dict[Place, list[Piece]]


def season_of(day: date) -> UserWardrobeItem.Season:
    """The season in Kazakhstan."""
    return MONTHS.get(day.month, Season.DEMI_SEASON)


def of(user: User, day: date, season: str) -> Pieces:
    """What the person may wear on that day: not archived, nothing twice, fit for the season.

    One query. The most rested first; equals in an order that changes with the day.
    """
    items = user.wardrobe.filter(
        archived_at=None, duplicate_of=None, season__in=["", Season.ALL_YEAR, season]
    )
    worn_before = Max("wears__day", filter=WORN & Q(wears__day__lte=day))
    known = items.annotate(worn_on=worn_before).select_related("category").only(*READ)
    found: Pieces = defaultdict(list)
    for item in _shuffled(list(known.order_by("pk")), seed=f"{user.pk}:{day}"):
        place = place_of(item.category, item.name)
        if place is not None:
            found[place].append(Piece(item, place, _rest(item, day)))
    for pieces in found.values():
        pieces.sort(key=lambda piece: -piece.rest)
    return found


def _shuffled(items: list[UserWardrobeItem], seed: str) -> list[UserWardrobeItem]:
    random.Random(seed).shuffle(items)  # noqa: S311  # for variety, not for secrets
    return items


def _rest(item: UserWardrobeItem, day: date) -> float:
    worn_on: date | None = item.worn_on  # type: ignore[attr-defined]  # annotated above
    return min((day - worn_on).days, RESTED_DAYS) / RESTED_DAYS if worn_on else 1.0
