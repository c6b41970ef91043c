"""A shop's balance, and the sandbox gateway's own pay page."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from billing import payments
from billing.gateways import sandbox
from billing.models import Payment
from shops.panel import PanelRequest, shop_required

PAGE_SIZE = 30


@shop_required
@require_safe
def balance(request: PanelRequest) -> HttpResponse:
    """The shop's money: the balance, and the lines that explain it."""
    lines = request.shop.transactions.select_related("order").order_by("-pk")
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "panel/balance.html", {"page": page})


@require_http_methods(["GET", "POST"])
def sandbox_pay(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows what is to be paid; the payer's decision goes the way of every signed callback."""
    payment = get_object_or_404(Payment, pk=pk, provider="sandbox")
    if request.method == "POST":
        status = "succeeded" if request.POST.get("decision") == "pay" else "failed"
        body = sandbox.message(payment.pk, payment.amount, status)  # type: ignore[arg-type]
        payments.receive("sandbox", body, sandbox.sign(body))
        return redirect("sandbox-pay", pk=pk)
    return render(request, "pay/sandbox.html", {"payment": payment})
