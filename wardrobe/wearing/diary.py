"""The diary of wearing: days that were, and days that are planned."""

from collections.abc import Collection
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Refusal
from core.transactions import atomic
from wardrobe import events
from wardrobe.holding import hold
from wardrobe.models import Outfit, Wear
from wardrobe.outfits.composing import NotInWardrobe

MAX_DAYS_AHEAD = 366


class NotYet(Refusal):
    code = "not_yet"
    status = 422


@atomic
def write(
    user: User,
    day: date,
    items: Collection[int],
    *,
    outfit: Outfit | None = None,
    is_planned: bool = False,
) -> list[Wear]:
    """Write down that the items were worn that day, or are to be; returns the day's lines of them.

    Twice is once. What was planned may turn out to be worn, and not the other way round. Raises
    NotYet when somebody has worn something tomorrow, or plans beyond 366 days, and NotInWardrobe.
    """
    hold(user.pk)
    _check_day(day, is_planned=is_planned)
    if user.wardrobe.filter(pk__in=items).count() != len(set(items)):
        raise NotInWardrobe(_("Some of these items are not in your wardrobe."))
    if is_planned:
        _plan(user, day, items, outfit)
    else:
        _note(user, day, items, outfit)
    events.wear_updated(user, "planned" if is_planned else "worn", day, sorted(set(items)))
    return list(user.wears.filter(day=day, item__in=items).order_by("pk"))


def write_outfit(user: User, day: date, outfit: Outfit, *, is_planned: bool = False) -> list[Wear]:
    """The same of all that the outfit holds."""
    items = outfit.placements.values_list("item_id", flat=True)
    return write(user, day, list(items), outfit=outfit, is_planned=is_planned)


@atomic
def strike(wear: Wear) -> None:
    """Take a line out of the diary; a second time does no harm."""
    if wear.delete()[0]:
        events.wear_updated(wear.user, "removed", wear.day, [wear.item_id])


def _check_day(day: date, *, is_planned: bool) -> None:
    ahead = (day - timezone.localdate()).days
    if ahead > 0 and not is_planned:
        raise NotYet(_("That day has not come yet: plan it instead."))
    if ahead > MAX_DAYS_AHEAD:
        raise NotYet(_("Plan at most %(most)d days ahead.") % {"most": MAX_DAYS_AHEAD})


def _plan(user: User, day: date, items: Collection[int], outfit: Outfit | None) -> None:
    Wear.objects.bulk_create(
        _lines(user, day, items, outfit, is_planned=True), ignore_conflicts=True
    )


def _note(user: User, day: date, items: Collection[int], outfit: Outfit | None) -> None:
    Wear.objects.bulk_create(
        _lines(user, day, items, outfit, is_planned=False),
        update_conflicts=True,
        unique_fields=["item", "day"],
        update_fields=["is_planned", "outfit"],
    )


def _lines(
    user: User, day: date, items: Collection[int], outfit: Outfit | None, *, is_planned: bool
) -> list[Wear]:
    return [
        Wear(user=user, day=day, item_id=item, outfit=outfit, is_planned=is_planned)
        for item in sorted(set(items))
    ]
