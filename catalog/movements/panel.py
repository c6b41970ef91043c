"""The page of a product's stock."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from catalog.tables import StockMovement
from shops.panel import PanelRequest, shop_required

PAGE_SIZE = 50


@shop_required
@require_safe
def movement_list(request: PanelRequest, pk: int) -> HttpResponse:
    """What became of the stock of a product, newest first."""
    product = get_object_or_404(request.shop.products.kept(), pk=pk)
    rows = StockMovement.objects.filter(variant__product=product).select_related("variant")
    page = Paginator(rows.order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "panel/movements.html", {"product": product, "page": page})
