"""Making collections, naming them, putting items in and taking them out."""

from collections.abc import Collection as Some

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Refusal
from core.transactions import atomic
from wardrobe import events
from wardrobe.holding import ItemGone, hold
from wardrobe.models import Collection, CollectionItem

MAX_COLLECTIONS = 100


class TooManyCollections(Refusal):
    code = "too_many_collections"


class NameTaken(Refusal):
    code = "name_taken"


@atomic
def make(user: User, name: str, items: Some[int] = ()) -> Collection:
    """A collection of these items.

    Raises TooManyCollections at 100, NameTaken, and ItemGone when an item is not the person's own.
    """
    hold(user.pk)
    if user.collections.count() >= MAX_COLLECTIONS:
        most = {"most": MAX_COLLECTIONS}
        raise TooManyCollections(_("You can have at most %(most)d collections.") % most)
    _check_name(user, name)
    collection = Collection.objects.create(user=user, name=name)
    _put(collection, items)
    events.collection_updated(collection, "created")
    return collection


@atomic
def change(
    collection: Collection, *, name: str | None = None, items: Some[int] | None = None
) -> Collection:
    """Give it another name, or other items in place of those before; raises as `make` does."""
    collection = _held(collection)
    if name is not None and name != collection.name:
        _check_name(collection.user, name)
        collection.name = name
    collection.save(update_fields=["name", "updated_at"])
    if items is not None:
        collection.items.clear()
        _put(collection, items)
    events.collection_updated(collection, "updated")
    return collection


@atomic
def put(collection: Collection, items: Some[int]) -> Collection:
    """Put items in, all or none; those that are in it stay. Raises ItemGone."""
    collection = _held(collection)
    _put(collection, items)
    events.collection_updated(collection, "updated")
    return collection


@atomic
def take_out(collection: Collection, items: Some[int]) -> Collection:
    """Take items out; those that are not in it are passed over."""
    collection = _held(collection)
    CollectionItem.objects.filter(collection=collection, item__in=items).delete()
    events.collection_updated(collection, "updated")
    return collection


@atomic
def dissolve(collection: Collection) -> None:
    """Forget the collection; its items stay in the wardrobe."""
    collection = _held(collection)
    events.collection_updated(collection, "deleted")
    collection.delete()


def _held(collection: Collection) -> Collection:
    hold(collection.user_id)
    found = Collection.objects.select_related("user").filter(pk=collection.pk).first()
    if found is None:
        raise ItemGone(_("This collection has been deleted meanwhile."))
    return found


def _check_name(user: User, name: str) -> None:
    if user.collections.filter(name=name).exists():
        raise NameTaken(_("You have a collection of this name already."))


def _put(collection: Collection, items: Some[int]) -> None:
    wanted = set(items)
    if collection.user.wardrobe.filter(pk__in=wanted).count() != len(wanted):
        raise ItemGone(_("Some of these items are not in your wardrobe."))
    CollectionItem.objects.bulk_create(
        (
            CollectionItem(user_id=collection.user_id, collection=collection, item_id=item)
            for item in sorted(wanted)
        ),
        ignore_conflicts=True,
    )
