"""What a shop does with its own profile."""

from typing import Any

from django.db import transaction

from core import storage
from shops import events
from shops.models import Shop


@transaction.atomic
def update_profile(shop: Shop, **changes: Any) -> Shop:
    """Change the profile; a rejected shop thereby goes back into the queue."""
    shop = Shop.objects.select_for_update().get(pk=shop.pk)
    resubmitted = bool(shop.rejection_reason)
    for name, value in changes.items():
        setattr(shop, name, value)
    shop.rejection_reason = ""
    shop.save(update_fields=[*changes, "rejection_reason", "updated_at"])
    if resubmitted:
        events.shop_created(shop)
    return shop


@transaction.atomic
def change_avatar(shop: Shop, picture: bytes) -> str:
    """Store a clean JPEG as the shop's picture; returns its stored name."""
    shop.avatar = storage.write(storage.shop_avatar(shop.pk), picture)
    shop.save(update_fields=["avatar", "updated_at"])
    return shop.avatar
