from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core.bodies import valid
from core.filtering import narrowed
from core.guards import HasRecentSecondFactor, IsAdmin, current
from core.pagination import PARAMETERS, bare_list, page_of, paginated
from orders import refund_requests, refunds
from orders.administration.filters import AdminOrderFilter, RefundFilter
from orders.administration.serializers import (
    OrderAndBuyerSerializer,
    OrderForAdminSerializer,
    RefundDecisionSerializer,
    RefundSerializer,
)
from orders.models import Order
from orders.models.kinds import Actor
from orders.saying import Said

FILTERS = [
    OpenApiParameter("status", str, enum=Order.Status.values),
    OpenApiParameter("stage", str, enum=Order.Stage.values),
    OpenApiParameter("order_type", str, enum=Order.Type.values),
    OpenApiParameter("user_id", int),
    OpenApiParameter("shop_id", int),
    OpenApiParameter("search", str, description="A number, or words of product, shop or buyer"),
]
AS_ADMIN = {"actor": Actor.ADMIN}


class AdminOrderListView(APIView):
    """GET: every order, newest first; `next_actions` are those of administrators."""

    permission_classes = [IsAdmin]

    @extend_schema(
        operation_id="admin_orders_list",
        parameters=[*PARAMETERS, *FILTERS],
        responses=page_of("orders", OrderForAdminSerializer),
    )
    def get(self, request: Request) -> Response:
        orders = narrowed(request, AdminOrderFilter, _orders())
        return paginated(request, orders, "orders", _as_json)


class AdminOrderView(APIView):
    """GET: an order with its history, and its buyer."""

    permission_classes = [IsAdmin]

    @extend_schema(responses=OrderAndBuyerSerializer)
    def get(self, request: Request, pk: int) -> Response:
        order = get_object_or_404(_orders(), pk=pk)
        return Response(OrderAndBuyerSerializer(order, context=AS_ADMIN).data)


class RefundListView(APIView):
    """GET: requests for money back, newest first; `?status=requested` are those that wait."""

    permission_classes = [IsAdmin]

    @extend_schema(
        parameters=[
            *PARAMETERS,
            OpenApiParameter("status", str, enum=refund_requests.Status.values),
        ],
        responses=RefundSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        found = narrowed(request, RefundFilter, refund_requests.everything())
        return bare_list(request, found, lambda rows: RefundSerializer(rows, many=True).data)


class RefundProcessView(APIView):
    """POST {action: approve | reject}: give the money, or a share of it, back, or refuse that."""

    permission_classes = [IsAdmin, HasRecentSecondFactor]

    @extend_schema(request=RefundDecisionSerializer, responses=RefundSerializer)
    def post(self, request: Request, pk: int) -> Response:
        said = valid(RefundDecisionSerializer(data=request.data))
        asked = get_object_or_404(refund_requests.everything(), pk=pk)
        refunds.settle(
            asked,
            Said(
                current(request, User).pk,
                reason=said.get("admin_notes") or _("The refund is approved."),
                share=said.get("share"),
            ),
            is_approved=said["action"] == "approve",
            destination=said["destination"],
        )
        return Response(RefundSerializer(refund_requests.everything().get(pk=pk)).data)


def _orders() -> QuerySet[Order]:
    return Order.objects.select_related("product", "shop", "user").prefetch_related("items")


def _as_json(orders: Any) -> Any:
    return OrderForAdminSerializer(orders, many=True, context=AS_ADMIN).data
