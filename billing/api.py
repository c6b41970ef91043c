from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.signatures.guard import HEADERS, IsSigned, signature_of
from billing import payments
from billing.adjustments import adjust
from billing.models import Payment, Transaction
from billing.serializers import (
    AdjustmentSerializer,
    PaymentSerializer,
    TopUpSerializer,
    TransactionSerializer,
)
from core.bodies import valid
from core.guards import HasRecentSecondFactor, IsAdmin, IsShop, IsSignedIn, IsUser, current
from core.idempotency import idempotent
from core.pagination import PARAMETERS, bare_list
from core.principal import Principal, Role
from shops.models import Shop


class OwnTransactionListView(APIView):
    """GET: the user's ledger lines, newest first."""

    permission_classes = [IsUser]

    @extend_schema(parameters=PARAMETERS, responses=TransactionSerializer(many=True))
    def get(self, request: Request) -> Response:
        return _lines(request, current(request, User).transactions.all())


class ShopTransactionListView(APIView):
    """GET: the shop's ledger lines, newest first."""

    permission_classes = [IsShop]

    @extend_schema(parameters=PARAMETERS, responses=TransactionSerializer(many=True))
    def get(self, request: Request) -> Response:
        return _lines(request, current(request, Shop).transactions.all())


class UserTopUpView(APIView):
    """POST {amount}: start a payment onto the user's balance."""

    permission_classes = [IsUser]

    @extend_schema(request=TopUpSerializer, responses={201: PaymentSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        return _topup(request, current(request, User))


class ShopTopUpView(APIView):
    """POST {amount}: start a payment onto the shop's balance."""

    permission_classes = [IsShop]

    @extend_schema(request=TopUpSerializer, responses={201: PaymentSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        return _topup(request, current(request, Shop))


class PaymentDetailView(generics.RetrieveAPIView):
    """GET: one of the caller's own payments."""

    permission_classes = [IsSignedIn]
    serializer_class = PaymentSerializer

    def get_queryset(self) -> QuerySet[Payment]:
        caller = self.request.auth
        if not isinstance(caller, Principal):  # the schema generator asks without a caller
            return Payment.objects.none()
        owner = "shop" if caller.role is Role.SHOP else "user"
        return Payment.objects.filter(**{owner: caller.id})


class PaymentCallbackView(APIView):
    """POST: a gateway tells what became of a payment. Signed; the same event counts once."""

    authentication_classes = []

    @extend_schema(request=OpenApiTypes.BINARY, responses=PaymentSerializer)
    def post(self, request: Request, provider: str) -> Response:
        signature = request.headers.get("Sandbox-Signature", "")
        payment = payments.receive(provider, request._request.body, signature)
        return Response(PaymentSerializer(payment).data)


class AdjustmentView(APIView):
    """POST: an administrator corrects a balance. Signed; one nonce corrects once, for ever."""

    permission_classes = [IsAdmin, HasRecentSecondFactor, IsSigned]

    @extend_schema(
        request=AdjustmentSerializer,
        responses={201: TransactionSerializer, 402: None, 404: None},
        parameters=HEADERS,
    )
    @idempotent
    def post(self, request: Request) -> Response:
        asked = valid(AdjustmentSerializer(data=request.data))
        signature = signature_of(request)
        line = adjust(
            _account(asked["account_type"], asked["account_id"]),
            asked["amount"],
            reason=asked["reason"],
            by=current(request, User),
            fact=f"{signature.key.key_id}:{signature.nonce}",
        )
        return Response(TransactionSerializer(line).data, status=201)


def _lines(request: Request, lines: QuerySet[Transaction]) -> Response:
    return bare_list(request, lines, lambda rows: TransactionSerializer(rows, many=True).data)


def _topup(request: Request, owner: User | Shop) -> Response:
    asked = valid(TopUpSerializer(data=request.data))
    payment = payments.start_topup(owner, asked["amount"])
    return Response(PaymentSerializer(payment).data, status=201)


def _account(kind: str, pk: int) -> User | Shop:
    return get_object_or_404(User, pk=pk) if kind == "user" else get_object_or_404(Shop, pk=pk)
