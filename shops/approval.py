"""Opening a shop, and the administrators' decision about it."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import audit
from core.errors import Refusal
from shops import events
from shops.models import Shop

Decision = dict[str, str | bool]


class ShopAlreadyDecided(Refusal):
    code = "shop_already_decided"


class NotAllowedNow(Refusal):
    code = "transition_not_allowed"


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
    decision: Decision = {"is_approved": True, "is_active": True, "rejection_reason": ""}
    _decide("shop.approve", shop, undecided_or_rejected, decision)
    events.shop_approved(shop)


@transaction.atomic
def reject(shop: Shop, reason: str) -> None:
    """Send the shop back to its owner with the reason; raises ShopAlreadyDecided."""
    undecided = Shop.objects.awaiting_approval().filter(pk=shop.pk)
    _decide("shop.reject", shop, undecided, {"rejection_reason": reason})
    events.shop_rejected(shop)


@transaction.atomic
def suspend(shop: Shop, reason: str) -> None:
    """Close an approved shop, and tell it why; its products go off sale. Or NotAllowedNow."""
    _open(shop, "shop.suspend", is_active=False, reason=reason)
    events.shop_suspended(shop, reason)


@transaction.atomic
def reopen(shop: Shop) -> None:
    """Let a suspended shop sell again, and tell it; raises NotAllowedNow."""
    _open(shop, "shop.reopen", is_active=True)
    events.shop_reopened(shop)


def _open(shop: Shop, action: str, *, is_active: bool, **why: str) -> None:
    # The condition is part of the UPDATE, so of two administrators only one decides.
    others = Shop.objects.filter(pk=shop.pk, is_approved=True, is_active=not is_active)
    if not others.update(is_active=is_active):
        raise NotAllowedNow(_("The shop is not in a state that allows this."))
    shop.refresh_from_db()
    before, after = {"is_active": not is_active}, {"is_active": is_active, **why}
    audit.record(action, shop, before=before, after=after)


def _decide(action: str, shop: Shop, decidable: QuerySet[Shop], decision: Decision) -> None:
    # The condition holds under the row's lock, so of two administrators only one decides.
    before = decidable.select_for_update().values(*decision).first()
    if before is None:
        raise ShopAlreadyDecided(_("Another administrator has already decided about this shop."))
    Shop.objects.filter(pk=shop.pk).update(**decision)
    shop.refresh_from_db()
    audit.record(action, shop, before=before, after=decision)
