"""The page to which a payer comes back from the gateway."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing.payments import links


@never_cache
@require_safe
def payment_page(request: HttpRequest, key: str) -> HttpResponse:
    """What has become of the payment so far, for whoever holds the link."""
    payment = links.find(key)
    if payment is None:
        raise Http404
    app = links.app_url(payment) if request.GET.get("platform") == "mobile" else ""
    return render(request, "pay/payment.html", {"payment": payment, "app_url": app})
