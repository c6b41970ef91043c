"""Noting at an item what its first picture tells; the worker looks."""

from contextlib import suppress
from typing import Any

from django_q.tasks import async_task

from core import fingerprints, storage
from core.transactions import atomic
from wardrobe import events
from wardrobe.holding import hold
from wardrobe.looks import seeing
from wardrobe.looks.seeing import Look
from wardrobe.models import UserWardrobeItem

UNSEEN: dict[str, Any] = {"colour": "", "fingerprint": None, "duplicate_of": None}


def ask(item: UserWardrobeItem) -> None:
    """Have the item looked at if the caller's transaction commits."""
    async_task("wardrobe.tasks.look_at_item", item.pk)


def ask_for_unseen(most: int) -> int:
    """Have so many items looked at that have a picture and no colour; returns how many there were.

    Those kept before the worker looked at pictures; the oldest come first.
    """
    never = UserWardrobeItem.objects.filter(colour="").exclude(images=[]).order_by("pk")
    items = list(never[:most])
    for item in items:
        ask(item)
    return len(items)


def unseen(item: UserWardrobeItem, before: bytes) -> dict[str, Any]:
    """What to set when the picture `before` is replaced by another of the same garment.

    A colour that nobody sees there is the owner's word, and stays.
    """
    is_owners = item.colour not in {"", seeing.look(before).colour}
    return {**UNSEEN, "colour": item.colour if is_owners else ""}


def look_at(item_id: int) -> None:
    """Note what the first picture tells, and tell the owner; a second time does no harm."""
    item = UserWardrobeItem.objects.filter(pk=item_id).first()
    if item is None or not item.images:
        return
    with suppress(FileNotFoundError):  # removed meanwhile
        seen = seeing.look(storage.read(item.images[0]))  # slow, hence before the transaction
        _note(item, seen)


@atomic
def _note(item: UserWardrobeItem, seen: Look) -> None:
    """Note it, or have an item that has changed meanwhile looked at again."""
    hold(item.user_id)
    found = UserWardrobeItem.objects.filter(pk=item.pk).first()
    if found is None:
        return
    if found.updated_at != item.updated_at:
        ask(found)
        return
    found.colour = found.colour or seen.colour  # the owner knows better
    found.fingerprint = seen.fingerprint
    found.duplicate_of = _twin(found)
    found.save(update_fields=UNSEEN.keys())
    events.wardrobe_updated(found, "updated")


def _twin(item: UserWardrobeItem) -> UserWardrobeItem | None:
    """The oldest item of before with the same picture in the same colour."""
    fingerprint = item.fingerprint
    if fingerprint is None:
        return None
    earlier = UserWardrobeItem.objects.filter(
        user=item.user_id, pk__lt=item.pk, colour=item.colour, fingerprint__isnull=False
    )
    alike = (
        each
        for each in earlier.order_by("pk")
        if each.fingerprint is not None and fingerprints.are_alike(each.fingerprint, fingerprint)
    )
    return next(alike, None)
