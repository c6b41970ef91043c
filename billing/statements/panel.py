"""Statements in the panel."""

from django.http import StreamingHttpResponse
from django.views.decorators.http import require_safe

from billing.statements.download import statement_file
from shops.panel import PanelRequest, shop_required


@shop_required
@require_safe
def statement(request: PanelRequest, month: str) -> StreamingHttpResponse:
    return statement_file(request.shop, month)
