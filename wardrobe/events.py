"""Events about a person's wardrobe."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from accounts.models import User
from realtime import groups
from realtime.publish import publish
from wardrobe.models import Collection, Outfit, UserWardrobeItem, WardrobeArchive

Action = Literal["created", "updated", "deleted"]
OutfitAction = Literal["created", "updated", "drawn", "shared", "unshared", "deleted"]


def wardrobe_updated(item: UserWardrobeItem, action: Action) -> None:
    about = {"action": action, "wardrobe_item_id": item.pk, "user_id": item.user_id}
    publish([groups.user(item.user_id)], "wardrobe_updated", about)


def wardrobe_folder_updated(user: User, folder: str, items: int) -> None:
    """So many items are in the folder now that were elsewhere; one event for all of them."""
    about = {"user_id": user.pk, "folder": folder, "items": items}
    publish([groups.user(user.pk)], "wardrobe_folder_updated", about)


def outfit_updated(outfit: Outfit, action: OutfitAction) -> None:
    about = {"action": action, "outfit_id": outfit.pk, "user_id": outfit.user_id}
    publish([groups.user(outfit.user_id)], "outfit_updated", about)


def collection_updated(collection: Collection, action: Action) -> None:
    about = {
        "action": action,
        "collection_id": collection.pk,
        "user_id": collection.user_id,
    }
    publish([groups.user(collection.user_id)], "collection_updated", about)


def wardrobe_archive_updated(archive: WardrobeArchive) -> None:
    about = {
        "archive_id": archive.pk,
        "kind": archive.kind,
        "status": archive.status,
        "user_id": archive.user_id,
    }
    publish([groups.user(archive.user_id)], "wardrobe_archive_updated", about)


def wear_updated(
    user: User, action: Literal["worn", "planned", "removed"], day: date, items: Sequence[int]
) -> None:
    about = {"action": action, "day": day.isoformat(), "items": items, "user_id": user.pk}
    publish([groups.user(user.pk)], "wear_updated", about)
