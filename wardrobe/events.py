"""Events about a person's wardrobe."""

from typing import Literal

from realtime import groups
from realtime.publish import publish
from wardrobe.models import UserWardrobeItem

Action = Literal["created", "updated", "deleted"]


def wardrobe_updated(item: UserWardrobeItem, action: Action) -> None:
    about = {"action": action, "wardrobe_item_id": item.pk, "user_id": item.user_id}
    publish([groups.user(item.user_id)], "wardrobe_updated", about)
