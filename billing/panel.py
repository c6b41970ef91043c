"""A shop's balance."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from billing.statements import monthly
from shops.panel import PanelRequest

PAGE_SIZE = 30
NEWEST_PAYOUTS = 5


def balance(request: PanelRequest, **on_its_way: Any) -> HttpResponse:
    """The shop's money: the balance, and the lines that explain it.

    What is still on its way to the shop, the orders know: see orders.panel.
    """
    lines = request.shop.transactions.select_related("order").order_by("-pk")
    context = {
        "page": Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page")),
        "payouts": request.shop.payouts.order_by("-pk")[:NEWEST_PAYOUTS],
        "months": monthly.months_of(request.shop),
        **on_its_way,
    }
    return render(request, "panel/balance.html", context)
