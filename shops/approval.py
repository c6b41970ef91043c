"""Opening a shop, and the administrators' decision about it."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.errors import Refusal
from shops import events
from shops.models import Shop


class ShopAlreadyDecided(Refusal):
    code = "shop_already_decided"


@transaction.atomic
def open_shop(
    *,
    email: str,
    shop_name: str,
    owner_name: str,
    google_id: str | None = None,
    apple_id: str | None = None,
) -> Shop:
    """Register the shop of a person and put it into the administrators' queue."""
    shop = Shop.objects.create(
        google_id=google_id,
        apple_id=apple_id,
        email=email,
        shop_name=shop_name,
        owner_name=owner_name,
    )
    events.shop_created(shop)
    return shop


@transaction.atomic
def approve(shop: Shop) -> None:
    """Let the shop sell, and tell it and every shopper; raises ShopAlreadyDecided."""
    undecided_or_rejected = Shop.objects.filter(pk=shop.pk, is_approved=False)
    _decide(shop, undecided_or_rejected, is_approved=True, is_active=True, rejection_reason="")
    events.shop_approved(shop)


@transaction.atomic
def reject(shop: Shop, reason: str) -> None:
    """Send the shop back to its owner with the reason; raises ShopAlreadyDecided."""
    _decide(shop, Shop.objects.awaiting_approval().filter(pk=shop.pk), rejection_reason=reason)
    events.shop_rejected(shop)


def _decide(shop: Shop, decidable: QuerySet[Shop], **decision: str | bool) -> None:
    # The condition is part of the UPDATE, so of two administrators only one decides.
    if not decidable.update(**decision):
        raise ShopAlreadyDecided(_("Another administrator has already decided about this shop."))
    shop.refresh_from_db()
