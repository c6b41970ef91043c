"""Items without what lay around them: the first picture is replaced, and can be taken back."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core import storage
from core.errors import Refusal
from core.transactions import atomic
from wardrobe import events
from wardrobe.holding import ItemGone, held
from wardrobe.looks import noting
from wardrobe.models import UserWardrobeItem
from wardrobe.outfits import covers

Background = UserWardrobeItem.Background
UNTOUCHED: dict[str, Any] = {
    "background": "",
    "background_error": "",
    "background_asked_at": None,
    "original_image": "",
}


class NoPicture(Refusal):
    code = "no_picture"
    status = 422


@atomic
def ask(item: UserWardrobeItem) -> tuple[UserWardrobeItem, bool]:
    """Wish the background away; returns the item and whether a worker has to be asked.

    Nobody has to while one is at it, and where it is done. Raises NoPicture and ItemGone.
    """
    item = held(item)
    if not item.images:
        raise NoPicture(_("This item has no picture."))
    if item.background in {Background.PENDING, Background.REMOVED}:
        return item, False
    wish = {"background": Background.PENDING, "background_asked_at": timezone.now()}
    _change(item, **UNTOUCHED | wish)
    return item, True


@atomic
def remove(asked: UserWardrobeItem, picture: bytes) -> None:
    """Let the picture be the first one and keep the one before, if it is still wished."""
    item = _still_pending(asked)
    if item is None:
        return
    original = item.images[0]
    before = storage.read(original)
    # A name of its own: nothing is lost if this transaction ends without a commit.
    cut_out = storage.write(storage.cut_out(item.user_id, item.pk), picture)
    _show(item, cut_out, before, background=Background.REMOVED, original_image=original)


@atomic
def give_up(asked: UserWardrobeItem, code: str) -> None:
    """Say why there is no such picture, if it is still wished."""
    item = _still_pending(asked)
    if item is not None:
        _change(item, background=Background.FAILED, background_error=code)


@atomic
def restore(item: UserWardrobeItem) -> UserWardrobeItem:
    """Show the original again, and forget the wish; a second time does no harm."""
    item = held(item)
    if item.background == Background.REMOVED:
        cut_out = item.images[0]
        _show(item, item.original_image, storage.read(cut_out), **UNTOUCHED)
        storage.delete_after_commit(cut_out)
    elif item.background:
        _change(item, **UNTOUCHED)
    return item


def _still_pending(asked: UserWardrobeItem) -> UserWardrobeItem | None:
    """The item as it is now, unless it is gone, or its picture or the wish is another one."""
    try:
        item = held(asked)
    except ItemGone:
        return None
    is_wished = item.background == Background.PENDING
    is_same_wish = item.background_asked_at == asked.background_asked_at
    return item if is_wished and is_same_wish else None


def _show(item: UserWardrobeItem, name: str, before: bytes, **changes: Any) -> None:
    unseen = noting.unseen(item, before)
    _change(item, images=[name, *item.images[1:]], **unseen, **changes)
    noting.ask(item)
    covers.redraw_with(item)


def _change(item: UserWardrobeItem, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(item, name, value)
    item.save(update_fields=[*changes, "updated_at"])
    events.wardrobe_updated(item, "updated")
