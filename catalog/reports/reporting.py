"""Reporting a product, and deciding about it. One decision is about all reports of a product."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog import events, moderation
from catalog.models import Product
from catalog.products import held_on_sale
from catalog.tables import ProductReport
from catalog.tables.report import ProductReportQuerySet
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


@transaction.atomic
def dismiss(row: ProductReport, *, by: User) -> None:
    """Leave the product on sale; or AlreadyDecided."""
    _open_ones(row).decide(Decision.DISMISSED, by)
    audit.record("product_report.dismiss", row, after={"decision": Decision.DISMISSED})


@transaction.atomic
def take_down(row: ProductReport, notes: str, *, by: User) -> None:
    """Take the product out of the catalogue, and tell its shop why.

    Raises AlreadyDecided, and what moderation.take_down does.
    """
    _open_ones(row)
    moderation.take_down(row.product, notes, by=by)


def _open_ones(row: ProductReport) -> ProductReportQuerySet:
    """All reports of the product that wait, which nobody else decides now; or AlreadyDecided."""
    list(Product.objects.filter(pk=row.product_id).select_for_update())
    waiting = ProductReport.objects.undecided().filter(product=row.product_id)
    if not waiting.filter(pk=row.pk).exists():
        raise AlreadyDecided(_("Another administrator has already decided about this report."))
    return waiting
