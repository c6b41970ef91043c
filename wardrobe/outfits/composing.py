"""Putting outfits together, changing and copying them, and taking them apart."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core import storage
from core.errors import Refusal
from core.transactions import atomic
from wardrobe import events
from wardrobe.holding import hold
from wardrobe.models import Outfit, OutfitItem
from wardrobe.outfits import covers

MAX_OUTFITS = 200
MAX_ITEMS = 12
Wish = Mapping[str, Any]  # `item_id`, and `x`, `y` and `scale` where they are known


class TooManyOutfits(Refusal):
    code = "too_many_outfits"


class OutfitGone(Refusal):
    code = "not_found"
    status = 404


class NotInWardrobe(Refusal):
    code = "not_found"
    status = 404


@atomic
def compose(user: User, items: Sequence[Wish], **details: Any) -> Outfit:
    """Keep an outfit of these items, the lowest layer first.

    Raises TooManyOutfits at 200, NotInWardrobe when an item is not the person's own.
    """
    hold(user.pk)
    if user.outfits.count() >= MAX_OUTFITS:
        raise TooManyOutfits(_("You can keep at most %(most)d outfits.") % {"most": MAX_OUTFITS})
    outfit = Outfit.objects.create(user=user, **details)
    _place(outfit, items)
    events.outfit_updated(outfit, "created")
    return outfit


@atomic
def change(outfit: Outfit, *, items: Sequence[Wish] | None = None, **changes: Any) -> Outfit:
    """Change what is named; `items`, if given, replace the earlier ones."""
    outfit = held(outfit)
    for name, value in changes.items():
        setattr(outfit, name, value)
    outfit.save(update_fields=[*changes, "updated_at"])
    if items is not None:
        outfit.placements.all().delete()
        _place(outfit, items)
    events.outfit_updated(outfit, "updated")
    return outfit


def clone(outfit: Outfit) -> Outfit:
    """Another outfit of the same items in the same places; raises TooManyOutfits."""
    items = list(outfit.placements.values("item_id", "x", "y", "scale"))
    return compose(outfit.user, items, name=outfit.name, description=outfit.description)


@atomic
def take_apart(outfit: Outfit) -> None:
    """Forget the outfit and its picture; its items stay."""
    outfit = held(outfit)
    events.outfit_updated(outfit, "deleted")
    if outfit.cover:
        storage.delete_folder_after_commit(outfit.cover)
    outfit.delete()


def held(outfit: Outfit) -> Outfit:
    """The outfit as it is now, held; raises OutfitGone."""
    hold(outfit.user_id)
    found = Outfit.objects.filter(pk=outfit.pk).first()
    if found is None:
        raise OutfitGone(_("This outfit has been deleted meanwhile."))
    return found


def _place(outfit: Outfit, items: Sequence[Wish]) -> None:
    wanted = {wish["item_id"] for wish in items}
    if outfit.user.wardrobe.filter(pk__in=wanted).count() != len(wanted):
        raise NotInWardrobe(_("Some of these items are not in your wardrobe."))
    OutfitItem.objects.bulk_create(
        OutfitItem(
            user_id=outfit.user_id,
            outfit=outfit,
            layer=layer,
            **{**_cell(layer, len(items)), **wish},
        )
        for layer, wish in enumerate(items)
    )
    covers.redraw([outfit.pk])


def _cell(number: int, count: int) -> dict[str, Decimal]:
    """Where the n-th of so many lies when they lie side by side."""
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    place = {
        "x": (number % columns + 0.5) / columns,
        "y": (number // columns + 0.5) / rows,
        "scale": 1 / columns,
    }
    return {name: Decimal(f"{value:.3f}") for name, value in place.items()}
