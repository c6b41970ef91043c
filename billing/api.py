from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.signatures.guard import HEADERS, IsSigned, signature_of
from billing.adjustments import adjust
from billing.models import Transaction
from billing.serializers import AdjustmentSerializer, TransactionSerializer
from core.bodies import valid
from core.guards import HasRecentSecondFactor, IsAdmin, IsShop, IsUser, current
from core.idempotency import idempotent
from core.pagination import PARAMETERS, bare_list
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


def _account(kind: str, pk: int) -> User | Shop:
    return get_object_or_404(User, pk=pk) if kind == "user" else get_object_or_404(Shop, pk=pk)
