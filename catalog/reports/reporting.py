"""Reporting a product, and deciding about it. One decision is about all reports of a product."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from catalog import events, moderation
from catalog.models import Product
from catalog.products import held_on_sale
from catalog.tables import ProductReport
from core import audit
from core.errors import Refusal

Decision = ProductReport.Decision


class AlreadyDecided(Refusal):
    code = "already_decided"


@transaction.atomic
def report(
    user: User, product_id: int, *, reason: str, comment: str = ""
) -> tuple[ProductReport, bool]:
    """Report a product on sale; whether it is new, too: a person reports a product once.

    Raises ProductGone.
    """
    product = held_on_sale(product_id)
    said = {"reason": reason, "comment": comment}
    row, is_new = ProductReport.objects.get_or_create(user=user, product=product, defaults=said)
    if is_new:
        events.product_reported(row, waiting=waiting())
    return row, is_new


def waiting() -> int:
    """How many reports wait for a decision."""
    return ProductReport.objects.undecided().count()


def dismiss(row: ProductReport, *, by: User) -> None:
    """Leave the product on sale; or AlreadyDecided."""
    with transaction.atomic():
        _decide(row, Decision.DISMISSED, by)
        audit.record("product_report.dismiss", row, after={"decision": Decision.DISMISSED})


def take_down(row: ProductReport, notes: str, *, by: User) -> None:
    """Take the product out of the catalogue, and tell its shop why.

    Raises AlreadyDecided, and NotApproved for what is not on sale any more.
    """
    with transaction.atomic():
        moderation.take_down(row.product, notes, by=by)
        _decide(row, Decision.TAKEN_DOWN, by)


def _decide(row: ProductReport, decision: Decision, by: User) -> None:
    list(Product.objects.filter(pk=row.product_id).select_for_update(no_key=True))
    open_ones = ProductReport.objects.undecided().filter(product=row.product_id)
    if not open_ones.filter(pk=row.pk).exists():
        raise AlreadyDecided(_("Another administrator has already decided about this report."))
    now = timezone.now()
    open_ones.update(decision=decision, decided_at=now, decided_by=by, updated_at=now)
