"""Events about shops."""

from typing import Any

from realtime import groups
from realtime.publish import publish
from shops.models import Shop
from shops.serializers import PublicShopSerializer


def shop_created(shop: Shop) -> None:
    """Administrators hear of a shop at once; shoppers when it is approved."""
    publish([groups.ADMINS], "shop_created", _with_shop(shop), older=_older("created", shop))


def shop_approved(shop: Shop) -> None:
    about = {"shop_id": shop.pk, "shop_name": shop.shop_name}
    publish([groups.shop(shop.pk)], "shop_approved", about, older=_older("approved", shop))
    publish([groups.USERS], "shop_created", _with_shop(shop), older=_older("created", shop))


def shop_rejected(shop: Shop) -> None:
    about = {"shop_id": shop.pk, "reason": shop.rejection_reason}
    publish([groups.shop(shop.pk)], "shop_rejected", about, older=_older("rejected", shop))


def shop_suspended(shop: Shop, reason: str) -> None:
    publish([groups.shop(shop.pk)], "shop_suspended", {"shop_id": shop.pk, "reason": reason})


def shop_reopened(shop: Shop) -> None:
    publish([groups.shop(shop.pk)], "shop_reopened", {"shop_id": shop.pk})


def _with_shop(shop: Shop) -> dict[str, Any]:
    return {"shop_id": shop.pk, "shop": PublicShopSerializer(shop).data}


def _older(action: str, shop: Shop) -> tuple[str, dict[str, Any]]:
    about = {
        "shop_id": shop.pk,
        "shop_name": shop.shop_name,
        "owner_name": shop.owner_name,
        "action": action,
        "is_approved": shop.is_approved,
        "is_active": shop.is_active,
        "rejection_reason": shop.rejection_reason,
    }
    return f"shop.{action}", about
