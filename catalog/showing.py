"""A shop hides an approved product for a while, and shows it again."""

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import listing_fees
from catalog.models import Product
from catalog.products import ProductGone
from core.errors import Refusal
from core.transactions import atomic


class NotApproved(Refusal):
    code = "transition_not_allowed"


class ShowingNotPaid(Refusal):
    code = "showing_not_paid"
    status = 402


def hide(product: Product) -> Product:
    """Take an approved product off sale until it is shown again; raises NotApproved."""
    return _set(product, is_active=False)


def show(product: Product) -> Product:
    """Put an approved product back on sale.

    Raises NotApproved, and ShowingNotPaid where showing costs money and the paid time is over.
    """
    return _set(product, is_active=True)


@atomic
def _set(product: Product, *, is_active: bool) -> Product:
    held = Product.objects.held().filter(pk=product.pk).first()
    if held is None:
        raise ProductGone(_("This product has been deleted meanwhile."))
    if not held.is_public:
        raise NotApproved(_("Only an approved product can be hidden or shown."))
    if is_active and listing_fees.price() and _is_over(held):
        raise ShowingNotPaid(_("Pay for showing this product first."))
    held.is_active = is_active
    held.save(update_fields=["is_active", "updated_at"])
    return held


def _is_over(product: Product) -> bool:
    until = product.rent_expires_at
    return until is not None and until <= timezone.now()
