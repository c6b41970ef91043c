"""What a shop offers of a product: sizes and colours with their stock, and terms of rental.

None of it goes before moderation.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog import stock
from catalog.models import Product, ProductVariant, RentalTerms
from catalog.tables import StockMovement
from core.errors import Refusal

MAX_VARIANTS = 50
Reason = StockMovement.Reason


class BadVariants(Refusal):
    code = "bad_variants"
    status = 422


class StockPromised(Refusal):
    code = "stock_promised"


class BadRentalTerms(Refusal):
    code = "bad_rental_terms"
    status = 422


@dataclass(frozen=True, slots=True)
class Offer:
    """A variant as its shop wants it, known by size and colour; what it leaves out is plain."""

    size: str = ""
    colour: str = ""
    sku: str = ""
    price: Decimal | None = None
    stock: int | None = None
    rental_units: int = 0
    is_active: bool = True

    @property
    def label(self) -> tuple[str, str]:
        return self.size, self.colour


def offer_new(
    product: Product, offers: Sequence[Offer], *, reason: Reason = Reason.CORRECTED
) -> None:
    """Offer a product that nobody knows yet in these variants; raises BadVariants."""
    _check(offers)
    rows = [ProductVariant(product=product, moved_for=reason, **asdict(offer)) for offer in offers]
    ProductVariant.objects.bulk_create(rows)


@transaction.atomic
def replace(
    product: Product, offers: Sequence[Offer], *, reason: Reason = Reason.CORRECTED
) -> None:
    """Offer the product in exactly these variants; the log says for which `reason`.

    One that is left out goes, or is only switched off where orders refer to it. Raises BadVariants,
    and StockPromised for a stock that is less than what orders were promised.
    """
    _check(offers)
    stock.hold(product.variants.values_list("pk", flat=True))
    rows = ProductVariant.objects.filter(product=product)  # as they are now that they are held
    known = {(variant.size, variant.colour): variant for variant in rows}
    for offer in offers:
        _offer(known.pop(offer.label, ProductVariant(product=product)), offer, reason)
    for variant in known.values():
        _withdraw(variant)


@transaction.atomic
def set_rental_terms(product: Product, terms: dict[str, Any]) -> None:
    """Offer the product for rent on these terms, named as in RentalTerms; raises BadRentalTerms."""
    stock.hold(product.variants.values_list("pk", flat=True))
    before = RentalTerms.objects.filter(product=product).first()
    wanted = RentalTerms(pk=before.pk if before else None, product=product, **terms)
    if wanted.min_days > wanted.max_days:
        raise BadRentalTerms(_("The shortest rental is longer than the longest."))
    wanted.save()


def end_rental(product: Product) -> None:
    """Offer the product for rent no more; what is booked stays booked."""
    RentalTerms.objects.filter(product=product).delete()


def _check(offers: Sequence[Offer]) -> None:
    if not 1 <= len(offers) <= MAX_VARIANTS:
        message = _("A product has 1 to %(most)d variants.") % {"most": MAX_VARIANTS}
        raise BadVariants(message)
    if len({offer.label for offer in offers}) < len(offers):
        raise BadVariants(_("Two variants have the same size and colour."))


def _offer(variant: ProductVariant, offer: Offer, reason: Reason) -> None:
    if offer.stock is not None and offer.stock < variant.reserved:
        message = _("Orders were promised %(count)d of “%(variant)s”: keep as many in stock.")
        raise StockPromised(message % {"count": variant.reserved, "variant": variant})
    variant.size, variant.colour, variant.sku = offer.size, offer.colour, offer.sku
    variant.price, variant.stock = offer.price, offer.stock
    variant.rental_units, variant.is_active = offer.rental_units, offer.is_active
    variant.moved_for = reason
    variant.save()


def _withdraw(variant: ProductVariant) -> None:
    if variant.order_items.exists():
        variant.is_active = False
        variant.save(update_fields=["is_active"])
    else:
        variant.delete()
