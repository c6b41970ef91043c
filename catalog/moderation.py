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


def approve(product: Product, *, by: User, notes: str = "") -> None:
    """Put the product on sale, and tell its shop and every shopper.

    Raises AlreadyModerated, and ShopLacksMoney where an approval costs a fee.
    """
    _decide("product.approve", product, Product.Moderation.APPROVED, by, notes)


def reject(product: Product, reason: str, *, by: User) -> None:
    """Keep the product out of the catalogue, and tell its shop why; or AlreadyModerated."""
    _decide("product.reject", product, Product.Moderation.REJECTED, by, reason)


@atomic
def _decide(
    action: str, product: Product, status: Product.Moderation, by: User, notes: str
) -> None:
    # The condition is part of the UPDATE, so of two administrators only one decides.
    undecided = Product.objects.kept().filter(
        pk=product.pk, moderation_status=Product.Moderation.PENDING
    )
    decided = undecided.update(
        moderation_status=status,
        moderation_notes=notes,
        moderated_by=by,
        moderated_at=timezone.now(),
        is_active=status == Product.Moderation.APPROVED,
    )
    if not decided:
        message = _("Another administrator has already decided about this product.")
        raise AlreadyModerated(message)
    product.refresh_from_db()
    fee = listing_fees.charge_for_approval(product) if product.is_active else Decimal(0)
    audit.record(
        action,
        product,
        before={"moderation_status": Product.Moderation.PENDING},
        after={"moderation_status": status, "moderation_notes": notes},
    )
    events.product_moderated(product, fee=fee)
