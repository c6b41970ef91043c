"""The statement as a file, the same for the API and the panel."""

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from billing.statements import monthly
from core.csv_export import csv_response
from shops.models import Shop


def statement_file(shop: Shop, month: str) -> StreamingHttpResponse:
    """A CSV file of the month written `2026-11`; raises NoStatement."""
    statement = monthly.statement_of(shop, month)
    heading = [_("Number"), _("When"), _("What"), _("Order number"), _("Amount"), _("Balance")]
    return csv_response(f"statement-{month}", [*heading, _("Key")], monthly.rows_of(statement))
