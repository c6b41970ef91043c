"""The pages where a shop takes its products along as a sheet, and brings them back."""

from collections.abc import AsyncIterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.bulk import exporting, requesting
from catalog.bulk.forms import SheetForm
from catalog.models import ProductImport
from core.csv_export import csv_response
from core.errors import Refusal
from shops.panel import PanelRequest, shop_required

SHOWN_ERRORS = 100
SHOWN_IMPORTS = 10


@shop_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_products(request: PanelRequest) -> HttpResponse:
    """Send a sheet, and the sheets sent lately."""
    form = SheetForm(request.POST or None, request.FILES or None)
    if form.is_valid() and (job := _sent(request, form)):
        return redirect("panel-product-import", job.pk)
    lately = request.shop.product_imports.order_by("-pk")[:SHOWN_IMPORTS]
    return render(request, "panel/import_products.html", {"form": form, "imports": lately})


@shop_required
@require_safe
def product_import(request: PanelRequest, pk: int) -> HttpResponse:
    """How a sheet stands: progress, what it would change or has changed, what is wrong in it."""
    job = _own(request, pk)
    errors = list(job.errors.all()[: SHOWN_ERRORS + 1])
    context = {
        "job": job,
        "errors": errors[:SHOWN_ERRORS],
        "has_more": len(errors) > SHOWN_ERRORS,
        "is_running": job.status in requesting.RUNNING,
        "imported": job.created_count + job.changed_count,
    }
    return render(request, "panel/product_import.html", context)


@shop_required
@require_POST
def confirm_import(request: PanelRequest, pk: int) -> HttpResponse:
    try:
        requesting.confirm(_own(request, pk))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("panel-product-import", pk)


@shop_required
@require_POST
def discard_import(request: PanelRequest, pk: int) -> HttpResponse:
    try:
        requesting.discard(_own(request, pk))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("panel-product-import", pk)
    messages.success(request, _("The sheet is forgotten. Nothing was changed by that."))
    return redirect("panel-products-import")


@shop_required
@require_safe
def import_errors(request: PanelRequest, pk: int) -> HttpResponseBase:
    """What is wrong in a sheet, as a file."""
    errors = _own(request, pk).errors.all()

    async def rows() -> AsyncIterator[list[Any]]:
        async for error in errors.aiterator():
            yield [error.row, error.column, error.detail]

    return csv_response(f"import-{pk}-errors", [_("Row"), _("Column"), _("What is wrong")], rows())


@shop_required
@require_safe
def import_template(request: PanelRequest) -> HttpResponse:
    return exporting.template()


@shop_required
@require_safe
def export_products(request: PanelRequest, kind: str) -> HttpResponseBase:
    return exporting.export(request.shop, kind)


def _own(request: PanelRequest, pk: int) -> ProductImport:
    return get_object_or_404(request.shop.product_imports, pk=pk)


def _sent(request: PanelRequest, form: SheetForm) -> ProductImport | None:
    try:
        return requesting.send(request.shop, **form.sent())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return None
