from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.signatures.guard import HEADERS, IsSigned
from billing.models import Payout
from billing.payouts import lifecycle
from billing.payouts.filters import PayoutFilter
from billing.payouts.serializers import (
    PayoutApprovalSerializer,
    PayoutFailureSerializer,
    PayoutForAdminSerializer,
    PayoutPageForAdminSerializer,
    PayoutPageSerializer,
    PayoutPaidSerializer,
    PayoutRequestSerializer,
    PayoutSerializer,
)
from core.bodies import valid
from core.filtering import narrowed
from core.guards import HasRecentSecondFactor, IsAdmin, IsReading, IsShop, current
from core.idempotency import idempotent
from core.pagination import PARAMETERS, paginated
from shops.models import Shop


class ShopPayoutListView(APIView):
    """GET: the shop's payouts. POST {amount}: ask for one; signed, with a recent second factor."""

    permission_classes = [IsShop, IsReading | HasRecentSecondFactor, IsReading | IsSigned]

    @extend_schema(parameters=PARAMETERS, responses=PayoutPageSerializer)
    def get(self, request: Request) -> Response:
        own = current(request, Shop).payouts.all()
        return paginated(request, own, "items", lambda rows: PayoutSerializer(rows, many=True).data)

    @extend_schema(
        request=PayoutRequestSerializer,
        responses={201: PayoutSerializer, 402: None},
        parameters=HEADERS,
    )
    @idempotent
    def post(self, request: Request) -> Response:
        amount = valid(PayoutRequestSerializer(data=request.data))["amount"]
        payout = lifecycle.request(current(request, Shop), amount)
        return Response(PayoutSerializer(payout).data, status=201)


class ShopPayoutCancelView(APIView):
    """POST: take a payout back before it is approved."""

    permission_classes = [IsShop]

    @extend_schema(request=PayoutApprovalSerializer, responses=PayoutSerializer)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        valid(PayoutApprovalSerializer(data=request.data))
        payout = get_object_or_404(current(request, Shop).payouts, pk=pk)
        return Response(PayoutSerializer(lifecycle.cancel(payout)).data)


class AdminPayoutListView(APIView):
    """GET: every payout; `?status=requested` are those that wait."""

    permission_classes = [IsAdmin]

    @extend_schema(parameters=PARAMETERS, responses=PayoutPageForAdminSerializer)
    def get(self, request: Request) -> Response:
        rows = narrowed(request, PayoutFilter, Payout.objects.select_related("shop"))
        return paginated(
            request, rows, "items", lambda page: PayoutForAdminSerializer(page, many=True).data
        )


class PayoutApproveView(APIView):
    """POST: an administrator lets a payout go to the bank; above 500 000 KZT two of them do."""

    permission_classes = [IsAdmin, HasRecentSecondFactor]

    @extend_schema(request=PayoutApprovalSerializer, responses=PayoutForAdminSerializer)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        valid(PayoutApprovalSerializer(data=request.data))
        return _shown(lifecycle.approve(_payout(pk), by=current(request, User)))


class PayoutPaidView(APIView):
    """POST {bank_reference}: the bank has paid."""

    permission_classes = [IsAdmin, HasRecentSecondFactor]

    @extend_schema(request=PayoutPaidSerializer, responses=PayoutForAdminSerializer)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        said = valid(PayoutPaidSerializer(data=request.data))
        return _shown(lifecycle.mark_paid(_payout(pk), **said))


class PayoutFailView(APIView):
    """POST {reason}: the money goes back to the shop."""

    permission_classes = [IsAdmin, HasRecentSecondFactor]

    @extend_schema(request=PayoutFailureSerializer, responses=PayoutForAdminSerializer)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        said = valid(PayoutFailureSerializer(data=request.data))
        return _shown(lifecycle.fail(_payout(pk), **said))


def _payout(pk: int) -> Payout:
    return get_object_or_404(Payout, pk=pk)


def _shown(payout: Payout) -> Response:
    return Response(PayoutForAdminSerializer(payout).data)
