"""What comes from gateways: their messages, and the payers that they send back.

It stands here because a payment that comes may pay orders.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    inline_serializer,
)
from rest_framework import serializers
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing import gateways
from billing.gateways import sandbox
from billing.gateways.base import BadSignature, Callback, GatewayRefused, GatewayUnavailable
from billing.gateways.sandbox import Decision
from billing.models import Payment
from billing.payments import links
from billing.payments.starting import GatewayDoesNotAnswer
from orders import settling

ANSWERS = {
    (status, kind): OpenApiTypes.STR
    for status in (200, 422)
    for kind in ("application/json", "application/xml", "text/plain")
}
ANSWERS |= {(status, "application/json"): OpenApiTypes.OBJECT for status in (200, 422)}


class AnyAnswerWillDo(DefaultContentNegotiation):
    """Providers ask for anything, and take what their protocol says."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class PaymentCallbackView(APIView):
    """POST or GET: a gateway tells what became of a payment. Signed; the same fact counts once.

    The answer is what the gateway's protocol wants to hear.
    """

    authentication_classes = []
    content_negotiation_class = AnyAnswerWillDo

    @extend_schema(request=OpenApiTypes.BINARY, responses=ANSWERS)
    def post(self, request: Request, provider: str) -> HttpResponse:
        return _answer(request, provider)

    @extend_schema(operation_id="payments_callback_get", responses={**ANSWERS, 409: None})
    def get(self, request: Request, provider: str) -> HttpResponse:
        return _answer(request, provider)


class PayPalWebhookView(APIView):
    """POST: PayPal tells the same at the address it had in the older system."""

    authentication_classes = []
    content_negotiation_class = AnyAnswerWillDo

    @extend_schema(request=OpenApiTypes.BINARY, responses={**ANSWERS, 404: None})
    def post(self, request: Request) -> HttpResponse:
        return _answer(request, links.PAYPAL)


class PaymentCaptureView(APIView):
    """POST: for older clients: ask the gateway whether the payment of this `order_id` has come."""

    authentication_classes = []

    @extend_schema(
        request=None,
        responses=inline_serializer(
            "CapturedPayment",
            {
                "message": serializers.CharField(),
                "transaction_id": serializers.IntegerField(allow_null=True),
                "status": serializers.CharField(),
            },
        ),
    )
    def post(self, request: Request, order_id: str) -> Response:
        payment = _asked_about(order_id)
        if payment is None:
            raise Http404
        is_paid = payment.paid_amount is not None
        return Response(
            {
                "message": str(payment.get_status_display()),
                "transaction_id": links.transaction_id(payment),
                "status": "completed" if is_paid else payment.status,
            }
        )


class PayPalReturnView(APIView):
    """GET: the payer comes back from PayPal, which takes the money only when it is asked now.

    On to the page that tells what became of it, or back to the app.
    """

    authentication_classes = []

    @extend_schema(
        parameters=[
            OpenApiParameter("token", str, description="PayPal's own id of the payment"),
            OpenApiParameter("PayerID", str),
            OpenApiParameter("platform", str, enum=["web", "mobile"]),
        ],
        responses={
            302: OpenApiResponse(description="To the page of the payment, or to the app"),
            404: None,
        },
    )
    def get(self, request: Request) -> HttpResponse:
        try:
            payment = _asked_about(request.query_params.get("token", ""))
        except GatewayDoesNotAnswer:
            payment = links.find(request.query_params.get("token", ""))
        if payment is None:
            raise Http404
        is_mobile = request.query_params.get("platform") == "mobile"
        # Written by hand: Django's own redirects know no scheme of an app.
        location = links.app_url(payment) if is_mobile else links.page_of(payment)
        return HttpResponse(status=302, headers={"Location": location})


@never_cache
@require_http_methods(["GET", "POST"])
def sandbox_pay(request: HttpRequest, key: str) -> HttpResponse:
    """Shows what is to be paid; the payer's decision goes the way of every signed callback."""
    payment = _sandbox_payment(key)
    decision = request.POST.get("decision")
    if request.method == "POST" and payment.status != Payment.Status.REFUNDED:
        if decision in set(Decision):
            for message in sandbox.decide(payment.pk, payment.amount, Decision(decision)):
                settling.receive("sandbox", message)
        return redirect("sandbox-pay", key=key)
    return render(request, "pay/sandbox.html", {"payment": payment})


def _answer(request: Request, provider: str) -> HttpResponse:
    sent = request._request  # the bytes as they came: the signature is over them
    query = sent.META.get("QUERY_STRING", "")
    message = Callback(sent.body, dict(sent.headers), query, str(sent.method))
    taken = settling.receive(provider, message)
    said = gateways.load(provider).acknowledge(message, accepted=taken.accepted)
    return HttpResponse(said.body, status=said.status, content_type=said.content_type)


def _asked_about(order_id: str) -> Payment | None:
    """The payment, after the gateway was asked if it is still open."""
    payment = links.find(order_id)
    if payment is None or not payment.is_open:
        return payment
    try:
        return settling.ask(payment).payment
    except GatewayUnavailable as error:
        raise GatewayDoesNotAnswer(_("The gateway does not answer.")) from error
    except GatewayRefused:
        return payment


def _sandbox_payment(key: str) -> Payment:
    if "sandbox" not in gateways.offered():
        raise Http404
    try:
        return get_object_or_404(Payment, pk=sandbox.payment_of(key), provider="sandbox")
    except BadSignature as error:
        raise Http404 from error
