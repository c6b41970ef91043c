"""Events about a person's wardrobe."""

from typing import Literal

from accounts.models import User
from realtime import groups
from realtime.publish import publish
from wardrobe.models import UserWardrobeItem

Action = Literal["created", "updated", "deleted"]


def wardrobe_updated(item: UserWardrobeItem, action: Action) -> None:
    about = {"action": action, "wardrobe_item_id": item.pk, "user_id": item.user_id}
    publish([groups.user(item.user_id)], "wardrobe_updated", about)


def wardrobe_folder_updated(user: User, folder: str, items: int) -> None:
    """So many items are in the folder now that were elsewhere; one event for all of them."""
    about = {"user_id": user.pk, "folder": folder, "items": items}
    publish([groups.user(user.pk)], "wardrobe_folder_updated", about)
