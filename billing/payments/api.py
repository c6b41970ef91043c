from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from billing.models import Payment
from billing.payments import expiring, refunding, starting
from billing.payments.serializers import (
    NothingMoreSerializer,
    OlderTopUpSerializer,
    PaymentSerializer,
    RefundSerializer,
    StartedPaymentSerializer,
    TopUpSerializer,
)
from core.bodies import valid
from core.errors import Refusal
from core.guards import IsShop, IsSignedIn, IsUser, current
from core.idempotency import PARAMETERS as KEYED
from core.idempotency import heard_before, once
from core.pagination import PARAMETERS, bare_list
from core.principal import Principal, Role
from shops.models import Shop


class AdministratorsDoNotPay(Refusal):
    code = "administrators_do_not_pay"
    status = 403


class UserTopUpView(APIView):
    """POST {amount, provider}: start a payment onto the user's balance."""

    permission_classes = [IsUser]

    @extend_schema(request=TopUpSerializer, responses={201: PaymentSerializer}, parameters=KEYED)
    def post(self, request: Request) -> Response:
        begun = _begun(request, TopUpSerializer, current(request, User))
        return _opened(request, begun, PaymentSerializer)


class ShopTopUpView(APIView):
    """POST {amount, provider}: start a payment onto the shop's balance."""

    permission_classes = [IsShop]

    @extend_schema(request=TopUpSerializer, responses={201: PaymentSerializer}, parameters=KEYED)
    def post(self, request: Request) -> Response:
        begun = _begun(request, TopUpSerializer, current(request, Shop))
        return _opened(request, begun, PaymentSerializer)


class OlderUserTopUpView(APIView):
    """POST {amount, payment_type}: the same for the older clients."""

    permission_classes = [IsUser]

    @extend_schema(
        request=OlderTopUpSerializer, responses=StartedPaymentSerializer, parameters=KEYED
    )
    def post(self, request: Request) -> Response:
        begun = _begun(request, OlderTopUpSerializer, current(request, User), status=200)
        return _opened(request, begun, StartedPaymentSerializer)


class OlderShopTopUpView(APIView):
    """POST {amount, payment_type}: the same for the older clients."""

    permission_classes = [IsShop]

    @extend_schema(
        request=OlderTopUpSerializer, responses=StartedPaymentSerializer, parameters=KEYED
    )
    def post(self, request: Request) -> Response:
        begun = _begun(request, OlderTopUpSerializer, current(request, Shop), status=200)
        return _opened(request, begun, StartedPaymentSerializer)


class OwnPaymentListView(APIView):
    """GET: the user's payments, newest first, as a plain list."""

    permission_classes = [IsUser]

    @extend_schema(parameters=PARAMETERS, responses=PaymentSerializer(many=True))
    def get(self, request: Request) -> Response:
        own = current(request, User).payments.all()
        return bare_list(request, own, lambda rows: PaymentSerializer(rows, many=True).data)


class PaymentDetailView(generics.RetrieveAPIView):
    """GET: one of the caller's own payments."""

    permission_classes = [IsSignedIn]
    serializer_class = PaymentSerializer

    def get_queryset(self) -> QuerySet[Payment]:
        return _own(self.request)


class PaymentCancelView(APIView):
    """POST: pay it no more. Money that comes all the same goes to the balance."""

    permission_classes = [IsSignedIn]

    @extend_schema(request=NothingMoreSerializer, responses=PaymentSerializer)
    def post(self, request: Request, pk: int) -> Response:
        valid(NothingMoreSerializer(data=request.data))
        payment = get_object_or_404(_own(request), pk=pk)
        return Response(PaymentSerializer(expiring.cancel(payment)).data)


class PaymentRefundView(APIView):
    """POST {amount}: from the balance back to the card, up to what is left of the payment."""

    permission_classes = [IsSignedIn]

    @extend_schema(request=RefundSerializer, responses={200: PaymentSerializer, 402: None})
    def post(self, request: Request, pk: int) -> Response:
        payment = get_object_or_404(_own(request), pk=pk)
        asked = valid(RefundSerializer(data=request.data))
        return Response(PaymentSerializer(refunding.refund(payment, **asked)).data)


def _own(request: Request) -> QuerySet[Payment]:
    caller = request.auth
    if not isinstance(caller, Principal):  # the schema generator asks without a caller
        return Payment.objects.none()
    owner = "shop" if caller.role is Role.SHOP else "user"
    return Payment.objects.filter(**{owner: caller.id})


def _begun(request: Request, serializer: Any, owner: User | Shop, *, status: int = 201) -> Response:
    """The payment's row, made once for a key; the gateway is asked after that: see `_opened`."""

    def begin() -> Response:
        asked = valid(serializer(data=request.data))
        _refuse_administrators(request)
        provider = asked.get("provider", "")
        payment = starting.create_topup(owner, asked["amount"], provider=provider)
        return Response({"id": payment.pk}, status=status)

    return once(request, begin)


def _refuse_administrators(request: Request) -> None:
    caller = request.auth
    assert isinstance(caller, Principal)
    if caller.role is Role.ADMIN and caller.platform == "web":
        raise AdministratorsDoNotPay(_("Administrators pay in the app, as everybody else."))


def _opened(request: Request, begun: Response, serializer: Any) -> Response:
    """The payment as it is now; asked again under its key, it has a page already."""
    assert isinstance(request.auth, Principal)
    payment = starting.opened(begun.data["id"], platform=request.auth.platform)
    told = serializer(payment).data
    return Response(told, status=begun.status_code, headers=heard_before(begun))
