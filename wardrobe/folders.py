"""The folders of a wardrobe: names that its items carry."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from wardrobe import events
from wardrobe.holding import ItemGone


def names(user: User) -> list[str]:
    """The folders that hold something, by name."""
    named = user.wardrobe.exclude(folder="").order_by("folder")
    return list(named.values_list("folder", flat=True).distinct())


@transaction.atomic
def rename(user: User, folder: str, name: str) -> int:
    """Give every item of a folder its new name, which another may have; returns how many.

    An empty name dissolves the folder. Raises ItemGone when nothing is in it.
    """
    items = list(user.wardrobe.filter(folder=folder).values_list("pk", flat=True))
    if not items:
        raise ItemGone(_("There is no such folder."))
    return move(user, items, name)


@transaction.atomic
def move(user: User, items: Sequence[int], folder: str) -> int:
    """Put items into a folder, or out of any when it is empty; returns how many.

    Raises ItemGone, and moves none, when one of them is not the person's own.
    """
    # In the order of their keys, so that two moves never wait for each other.
    own = user.wardrobe.select_for_update().filter(pk__in=items).order_by("pk")
    if {item.pk for item in own} != set(items):
        raise ItemGone(_("Some of these items are not in your wardrobe."))
    moved = user.wardrobe.filter(pk__in=items).update(folder=folder, updated_at=timezone.now())
    events.wardrobe_folder_updated(user, folder, moved)
    return moved
