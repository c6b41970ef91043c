"""The shop owner's first page, and the orders to the shop."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import Refusal
from orders import analytics, fulfilment, transitions
from orders.models import Order
from orders.transitions import Action, Actor
from shops.models import Shop
from shops.panel import PanelRequest, shop_required

NEWEST = 5
PAGE_SIZE = 20


@shop_required
@require_safe
def overview(request: PanelRequest) -> HttpResponse:
    """The shop in numbers, and the orders that wait for it."""
    waiting = _with_lines(request.shop).filter(status=Order.Status.CONFIRMED)
    context = {
        "numbers": analytics.of_shop(request.shop),
        "orders": [_shown(order) for order in waiting[:NEWEST]],
    }
    return render(request, "panel/overview.html", context)


@shop_required
@require_safe
def order_list(request: PanelRequest) -> HttpResponse:
    """Orders to the shop, newest first, all or those of one status."""
    status = request.GET.get("status", "")
    rows = _with_lines(request.shop)
    if status in Order.Status.values:
        rows = rows.filter(status=status)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "orders": [_shown(order) for order in page],
        "status": status,
        "statuses": [("", _("All")), *Order.Status.choices],
    }
    return render(request, "panel/orders.html", context)


@shop_required
@require_POST
def act_on_order(request: PanelRequest, pk: int, action: str) -> HttpResponse:
    """Take the step the button names, and go back to the list."""
    order = get_object_or_404(request.shop.orders, pk=pk)
    if action not in set(Action):
        raise Http404
    try:
        done = fulfilment.act(order, Action(action), Actor.SHOP)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        said = {"number": done.order_number, "status": done.get_status_display()}
        messages.success(request, _("Order %(number)s: %(status)s.") % said)
    return redirect("panel-orders")


def _with_lines(shop: Shop) -> QuerySet[Order]:
    return shop.orders.select_related("user").prefetch_related("items").order_by("-pk")


def _shown(order: Order) -> dict[str, Order | list[Action]]:
    return {"order": order, "actions": transitions.allowed(order, Actor.SHOP)}
