"""The shop owner's first page; the orders to the shop, its rented pieces and its money."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import panel as money
from core import storage
from orders import analytics, fulfilment, outlook, postings, rental_calendar, transitions
from orders.forms import StepForm, offered
from orders.models import ConditionPhoto, Order
from orders.models.kinds import Actor, Stage, Status
from orders.models.order import OrderQuerySet
from orders.transitions import Event
from orders.wording import titled
from shops.models import Shop
from shops.panel import PanelRequest, shop_required

NEWEST = 5
PAGE_SIZE = 20
PIECES_ON_A_PAGE = 30
CALENDAR_DAYS = 28
WAITING = "waiting"


@shop_required
@require_safe
def overview(request: PanelRequest) -> HttpResponse:
    """The shop in numbers, and the orders that wait for it."""
    waiting = _with_lines(request.shop).awaiting_shop()
    context = {
        "numbers": analytics.of_shop(request.shop),
        "orders": [_shown(order) for order in waiting[:NEWEST]],
        "stages": Stage.choices,
    }
    return render(request, "panel/overview.html", context)


@shop_required
@require_safe
def order_list(request: PanelRequest) -> HttpResponse:
    """Orders to the shop, newest first: all, those that wait for it, or those of one status."""
    status = request.GET.get("status", "")
    rows = _with_lines(request.shop)
    if status == WAITING:
        rows = rows.awaiting_shop()
    elif status in Status.values:
        rows = rows.filter(status=status)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "orders": [_shown(order) for order in page],
        "status": status,
        "statuses": [("", _("All")), (WAITING, _("Waiting for you")), *Status.choices],
        "stages": Stage.choices,
    }
    return render(request, "panel/orders.html", context)


@shop_required
@require_safe
def order_page(request: PanelRequest, pk: int) -> HttpResponse:
    """Everything about one order, and what the shop may do with it now."""
    return _page(request, pk)


@shop_required
@require_POST
def act_on_order(request: PanelRequest, pk: int, action: str) -> HttpResponse:
    """Take the step that the form is for; one that is refused comes back as it was filled in."""
    order = get_object_or_404(_with_lines(request.shop), pk=pk)
    if action not in set(Event):
        raise Http404
    step = transitions.find(order, action, Actor.SHOP)
    if step is None:
        messages.error(request, str(fulfilment.TransitionNotAllowed(order, Actor.SHOP)))
        return redirect("panel-order", pk)
    form = StepForm(order, step, Actor.SHOP, request.POST, request.FILES)
    if not form.take(by=request.shop.pk):
        return _page(request, pk, tried=form)
    said = {"number": form.order.order_number, "status": form.order.get_stage_display()}
    messages.success(request, _("Order %(number)s: %(status)s.") % said)
    return redirect("panel-order", pk)


@shop_required
@require_safe
def rental_pieces(request: PanelRequest) -> HttpResponse:
    """Which pieces for rent are out, booked or free on the days of the next four weeks."""
    today = timezone.localdate()
    pieces = rental_calendar.pieces_of(request.shop, today, CALENDAR_DAYS)
    context = {
        "page": Paginator(pieces, PIECES_ON_A_PAGE).get_page(request.GET.get("page")),
        "days": [today + timedelta(days=offset) for offset in range(CALENDAR_DAYS)],
    }
    return render(request, "panel/rentals.html", context)


@shop_required
@require_safe
def balance(request: PanelRequest) -> HttpResponse:
    """The shop's money, what it gets when, and what it owes."""
    releases = outlook.releases(request.shop)
    held = sum(release.amount for release in releases)
    owed = postings.owed_by(request.shop)
    return money.balance(request, releases=releases, held=held, owed=owed)


def _with_lines(shop: Shop) -> OrderQuerySet:
    own = Order.objects.filter(shop=shop).select_related("user", "product")
    return own.prefetch_related("items").order_by("-pk")


def _shown(order: Order) -> dict[str, Any]:
    """An order in a list: small steps have a button, the others are on its own page."""
    return {"order": order, "forms": [f for f in offered(order, Actor.SHOP) if f.is_small]}


def _page(request: PanelRequest, pk: int, tried: StepForm | None = None) -> HttpResponse:
    order = get_object_or_404(_with_lines(request.shop), pk=pk)
    forms = offered(order, Actor.SHOP)
    limit = outlook.time_limit(order)
    context = {
        "order": order,
        "forms": [tried if tried and tried.step == form.step else form for form in forms],
        "tried": tried,
        "limit": limit,
        "limit_title": titled(limit.step.event) if limit else "",
        "earnings": outlook.earnings(order),
        "history": [(titled(step.event), step) for step in order.events.all()],
        "photos": _photos(order.photos.order_by("pk")),
        "stages": Stage.choices,
    }
    return render(request, "panel/order.html", context, status=422 if tried else 200)


def _photos(photos: Iterable[ConditionPhoto]) -> list[tuple[str, list[str]]]:
    """The addresses of the photos of each moment, with the name of the moment."""
    taken: dict[str, list[str]] = {}
    for photo in photos:
        taken.setdefault(photo.get_moment_display(), []).append(storage.signed_url(photo.name))
    return list(taken.items())
