from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core.filtering import narrowed
from core.guards import IsShop, IsUser, current
from core.pagination import PARAMETERS, bare_list, page_of, paginated
from orders import analytics
from orders.filters import OrderFilter
from orders.models import Order
from orders.models.kinds import Actor
from orders.serializers import AnalyticsSerializer, OrderDetailSerializer, OrderSerializer
from shops.models import Shop

OrderPage = page_of("orders", OrderSerializer)
FILTERS = [
    OpenApiParameter("status", str, enum=Order.Status.values),
    OpenApiParameter("order_type", str, enum=Order.Type.values),
]


class OwnOrderListView(APIView):
    """GET: one's own orders, newest first, as a plain list."""

    permission_classes = [IsUser]

    @extend_schema(parameters=[*PARAMETERS, *FILTERS], responses=OrderSerializer(many=True))
    def get(self, request: Request) -> Response:
        orders = narrowed(request, OrderFilter, _with_lines(current(request, User).orders.all()))
        return bare_list(request, orders, lambda rows: OrderSerializer(rows, many=True).data)


class OrderListView(APIView):
    """GET: one's own orders, newest first, in pages; older clients read them here."""

    permission_classes = [IsUser]

    @extend_schema(
        operation_id="orders_list",
        parameters=[*PARAMETERS, *FILTERS],
        responses=OrderPage,
    )
    def get(self, request: Request) -> Response:
        orders = narrowed(request, OrderFilter, _with_lines(current(request, User).orders.all()))
        return paginated(
            request, orders, "orders", lambda rows: OrderSerializer(rows, many=True).data
        )


class OwnOrderView(APIView):
    """GET: one's own order."""

    permission_classes = [IsUser]

    @extend_schema(responses=OrderDetailSerializer)
    def get(self, request: Request, pk: int) -> Response:
        order = get_object_or_404(_with_lines(current(request, User).orders.all()), pk=pk)
        return Response(OrderDetailSerializer(order).data)


class ShopOrderListView(APIView):
    """GET: orders to the shop, newest first."""

    permission_classes = [IsShop]

    @extend_schema(
        operation_id="shops_me_orders_list",
        parameters=[*PARAMETERS, *FILTERS],
        responses=OrderPage,
    )
    def get(self, request: Request) -> Response:
        orders = narrowed(request, OrderFilter, _with_lines(current(request, Shop).orders.all()))
        return paginated(request, orders, "orders", _for_shop)


class ShopOrderView(APIView):
    """GET: one order to the shop."""

    permission_classes = [IsShop]

    @extend_schema(responses=OrderDetailSerializer)
    def get(self, request: Request, pk: int) -> Response:
        order = get_object_or_404(_with_lines(current(request, Shop).orders.all()), pk=pk)
        return Response(OrderDetailSerializer(order, context={"actor": Actor.SHOP}).data)


class ShopAnalyticsView(APIView):
    """GET: the shop in numbers."""

    permission_classes = [IsShop]

    @extend_schema(responses=AnalyticsSerializer)
    def get(self, request: Request) -> Response:
        numbers = analytics.of_shop(current(request, Shop))
        return Response(AnalyticsSerializer(numbers).data)


def _with_lines(orders: QuerySet[Order]) -> QuerySet[Order]:
    return orders.select_related("product", "shop").prefetch_related("items")


def _for_shop(orders: Sequence[Order]) -> Any:
    return OrderSerializer(orders, many=True, context={"actor": Actor.SHOP}).data
