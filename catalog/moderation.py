"""Moderation: the administrators' decision about a product."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from catalog import events, listing_fees
from catalog.models import Product
from core import audit
from core.errors import Refusal
from core.transactions import atomic


class AlreadyModerated(Refusal):
    code = "already_moderated"


class NotApproved(Refusal):
    code = "not_approved"


Moderation = Product.Moderation
# From which state to which one each decision leads.
DECISIONS = {
    "product.approve": (Moderation.PENDING, Moderation.APPROVED),
    "product.reject": (Moderation.PENDING, Moderation.REJECTED),
    "product.take_down": (Moderation.APPROVED, Moderation.REJECTED),
}


def approve(product: Product, *, by: User, notes: str = "") -> None:
    """Put the product on sale, and tell its shop and every shopper.

    Raises AlreadyModerated, and ShopLacksMoney where an approval costs a fee.
    """
    _decide("product.approve", product, by, notes)


def reject(product: Product, reason: str, *, by: User) -> None:
    """Keep the product out of the catalogue, and tell its shop why; or AlreadyModerated."""
    _decide("product.reject", product, by, reason)


def take_down(product: Product, notes: str, *, by: User) -> None:
    """Take an approved product out of the catalogue, and tell its shop why; or NotApproved."""
    _decide("product.take_down", product, by, notes)


@atomic
def _decide(action: str, product: Product, by: User, notes: str) -> None:
    before, status = DECISIONS[action]
    # The condition is part of the UPDATE, so of two administrators only one decides.
    undecided = Product.objects.kept().filter(pk=product.pk, moderation_status=before)
    decided = undecided.update(
        moderation_status=status,
        moderation_notes=notes,
        moderated_by=by,
        moderated_at=timezone.now(),
        is_active=status == Moderation.APPROVED,
    )
    if not decided:
        raise _refusal(before)
    product.refresh_from_db()
    fee = listing_fees.charge_for_approval(product) if product.is_active else Decimal(0)
    audit.record(
        action,
        product,
        before={"moderation_status": before},
        after={"moderation_status": status, "moderation_notes": notes},
    )
    events.product_moderated(product, fee=fee)


def _refusal(before: Product.Moderation) -> Refusal:
    if before == Moderation.APPROVED:
        return NotApproved(_("Only an approved product can be taken down."))
    return AlreadyModerated(_("Another administrator has already decided about this product."))
