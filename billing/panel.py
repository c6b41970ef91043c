"""A shop's balance, and the sandbox gateway's own pay page."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from billing import payments
from billing.gateways import sandbox
from billing.gateways.base import BadSignature
from billing.models import Payment
from billing.statements import monthly
from shops.panel import PanelRequest, shop_required

PAGE_SIZE = 30


@shop_required
@require_safe
def balance(request: PanelRequest) -> HttpResponse:
    """The shop's money: the balance, and the lines that explain it."""
    lines = request.shop.transactions.select_related("order").order_by("-pk")
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    months = monthly.months_of(request.shop)
    return render(request, "panel/balance.html", {"page": page, "months": months})


@never_cache
@require_http_methods(["GET", "POST"])
def sandbox_pay(request: HttpRequest, key: str) -> HttpResponse:
    """Shows what is to be paid; the payer's decision goes the way of every signed callback."""
    payment = _sandbox_payment(key)
    if request.method == "POST":
        status = "succeeded" if request.POST.get("decision") == "pay" else "failed"
        body = sandbox.message(payment.pk, payment.amount, status)  # type: ignore[arg-type]
        payments.receive("sandbox", body, sandbox.sign(body))
        return redirect("sandbox-pay", key=key)
    return render(request, "pay/sandbox.html", {"payment": payment})


def _sandbox_payment(key: str) -> Payment:
    if settings.PAYMENT_GATEWAY != "sandbox":
        raise Http404
    try:
        return get_object_or_404(Payment, pk=sandbox.payment_of(key), provider="sandbox")
    except BadSignature as error:
        raise Http404 from error
