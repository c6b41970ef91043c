"""Putting things into a wardrobe, changing them and taking them out again."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product
from core import storage
from core.errors import Refusal
from core.transactions import atomic
from wardrobe import events
from wardrobe.holding import ItemGone, held, hold
from wardrobe.looks import backgrounds, noting
from wardrobe.models import UserWardrobeItem
from wardrobe.outfits import covers

Picture = bytes | str  # a clean JPEG, or the name of a stored one to share


class WardrobeFull(Refusal):
    code = "wardrobe_full"
    status = 403


@atomic
def keep(
    user: User,
    source: UserWardrobeItem.Source,
    *,
    pictures: Sequence[Picture] = (),
    **details: Any,
) -> UserWardrobeItem:
    """Add one item with its pictures and tell the owner's devices.

    Raises WardrobeFull at `MAX_WARDROBE_ITEMS_PER_USER`, FileNotFoundError when a picture to share
    has been deleted.
    """
    # Locking the owner makes the count true: two additions cannot both be the 500th.
    owner = hold(user.pk)
    limit = settings.MAX_WARDROBE_ITEMS_PER_USER
    if owner.wardrobe.count() >= limit:
        raise WardrobeFull(_("A wardrobe holds at most %(limit)d items.") % {"limit": limit})
    item = UserWardrobeItem.objects.create(user=owner, source=source, **details)
    _store_pictures(item, pictures)
    events.wardrobe_updated(item, "created")
    return item


@atomic
def keep_once(user: User, key: str, **about: Any) -> tuple[UserWardrobeItem, bool]:
    """Add an item of one's own under a key, unless one is there; returns it and whether it is new.

    Raises what `keep` raises.
    """
    hold(user.pk)
    known = user.wardrobe.filter(client_key=key).first()
    if known is not None:
        return known, False
    return keep(user, UserWardrobeItem.Source.UPLOADED, client_key=key, **about), True


def keep_product(
    user: User,
    product: Product,
    *,
    source: UserWardrobeItem.Source = UserWardrobeItem.Source.SHOP_PRODUCT,
    **details: Any,
) -> UserWardrobeItem:
    """Add a shop's product, sharing its pictures: they stay when the shop deletes or replaces them.

    Raises ItemGone when the product is being deleted, and what `keep` raises.
    """
    about = {
        "name": product.shown_name,
        "description": product.shown_description,
        "characteristics": product.characteristics,
        "price": product.price,
        "category": product.category,
        "shop_name": product.shop.shop_name,
        **details,
    }
    try:
        return keep(user, source, pictures=product.images, original_product=product, **about)
    except FileNotFoundError as error:
        raise ItemGone(_("This product has been deleted meanwhile.")) from error


@atomic
def update_item(
    item: UserWardrobeItem, *, pictures: Sequence[Picture] | None = None, **changes: Any
) -> UserWardrobeItem:
    """Change what is named in `changes`; `pictures`, if given and others, replace the old ones."""
    item = held(item)
    before = {*item.images, item.original_image} - {""}
    if pictures == [storage.read(name) for name in item.images]:
        pictures = None  # clients send back what they got
    if pictures is not None:
        changes = noting.UNSEEN | backgrounds.UNTOUCHED | changes
    for name, value in changes.items():
        setattr(item, name, value)
    item.save(update_fields=[*changes, "updated_at"])
    if pictures is not None:
        _store_pictures(item, pictures)
        storage.delete_after_commit(*before.difference(item.images))
        covers.redraw_with(item)
    events.wardrobe_updated(item, "updated")
    return item


@atomic
def remove(item: UserWardrobeItem) -> None:
    """Take the item and its pictures out of the wardrobe, and out of the outfits it is in."""
    item = held(item)
    events.wardrobe_updated(item, "deleted")
    if item.images:
        storage.delete_folder_after_commit(item.images[0])
    outfits = covers.outfits_of(item)
    item.delete()
    covers.redraw(outfits)


def erase(user: User) -> None:
    """Forget the whole wardrobe; its files are the caller's to remove."""
    user.wears.all().delete()
    user.collections.all().delete()
    user.wardrobe_archives.all().delete()
    user.outfits.all().delete()
    user.wardrobe.all().delete()


def _store_pictures(item: UserWardrobeItem, pictures: Sequence[Picture]) -> None:
    item.images = [
        _stored(storage.wardrobe_picture(item.user_id, item.pk, position), picture)
        for position, picture in enumerate(pictures)
    ]
    item.save(update_fields=["images"])
    if pictures:
        noting.ask(item)


def _stored(name: str, picture: Picture) -> str:
    if isinstance(picture, str):
        return storage.share(name, picture)
    return storage.write(name, picture)
