from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from catalog.models import Product
from core.bodies import valid
from core.filtering import narrowed
from core.guards import IsShop, IsUser, current
from core.idempotency import idempotent
from core.pagination import PARAMETERS, bare_list, page_of, paginated
from orders import analytics, fulfilment
from orders.checkout import buy_from_balance
from orders.filters import OrderFilter
from orders.models import Order
from orders.serializers import AnalyticsSerializer, OrderSerializer, PurchaseSerializer
from orders.transitions import Action, Actor
from shops.models import Shop

FILTERS = [
    OpenApiParameter("status", str, enum=Order.Status.values),
    OpenApiParameter("order_type", str, enum=Order.Type.values),
]
ACTION = OpenApiParameter("action", str, OpenApiParameter.PATH, enum=list(Action))


class PurchaseView(APIView):
    """POST: buy a product from the balance. Answers 201 with the paid order."""

    permission_classes = [IsUser]

    @extend_schema(request=PurchaseSerializer, responses={201: OrderSerializer, 402: None})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        product = get_object_or_404(Product.objects.visible(), pk=pk)
        wish = valid(PurchaseSerializer(data=request.data))
        order = buy_from_balance(current(request, User), product, **wish)
        return Response(OrderSerializer(order).data, status=201)


class OwnOrderListView(APIView):
    """GET: one's own orders, newest first, as a plain list."""

    permission_classes = [IsUser]

    @extend_schema(parameters=[*PARAMETERS, *FILTERS], responses=OrderSerializer(many=True))
    def get(self, request: Request) -> Response:
        orders = narrowed(request, OrderFilter, _with_lines(current(request, User).orders.all()))
        return bare_list(request, orders, lambda rows: OrderSerializer(rows, many=True).data)


class OwnOrderView(APIView):
    """GET: one's own order."""

    permission_classes = [IsUser]

    @extend_schema(responses=OrderSerializer)
    def get(self, request: Request, pk: int) -> Response:
        orders = _with_lines(current(request, User).orders.all())
        return Response(OrderSerializer(get_object_or_404(orders, pk=pk)).data)


class OwnOrderActionView(APIView):
    """POST: take a step that `next_actions` of one's own order names."""

    permission_classes = [IsUser]

    @extend_schema(parameters=[ACTION], request=None, responses={200: OrderSerializer, 402: None})
    @idempotent
    def post(self, request: Request, pk: int, action: str) -> Response:
        order = get_object_or_404(current(request, User).orders, pk=pk)
        return _acted(order, action, Actor.USER)


class ShopOrderListView(APIView):
    """GET: orders to the shop, newest first."""

    permission_classes = [IsShop]

    @extend_schema(
        operation_id="shops_me_orders_list",
        parameters=[*PARAMETERS, *FILTERS],
        responses=page_of("orders", OrderSerializer),
    )
    def get(self, request: Request) -> Response:
        orders = narrowed(request, OrderFilter, _with_lines(current(request, Shop).orders.all()))
        return paginated(request, orders, "orders", _for_shop)


class ShopOrderView(APIView):
    """GET: one order to the shop."""

    permission_classes = [IsShop]

    @extend_schema(responses=OrderSerializer)
    def get(self, request: Request, pk: int) -> Response:
        orders = _with_lines(current(request, Shop).orders.all())
        return Response(_for_shop([get_object_or_404(orders, pk=pk)])[0])


class ShopOrderActionView(APIView):
    """POST: take a step that `next_actions` of an order to the shop names."""

    permission_classes = [IsShop]

    @extend_schema(parameters=[ACTION], request=None, responses=OrderSerializer)
    @idempotent
    def post(self, request: Request, pk: int, action: str) -> Response:
        order = get_object_or_404(current(request, Shop).orders, pk=pk)
        return _acted(order, action, Actor.SHOP)


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


def _acted(order: Order, action: str, actor: Actor) -> Response:
    if action not in set(Action):
        raise NotFound
    done = fulfilment.act(order, Action(action), actor)
    return Response(OrderSerializer(done, context={"actor": actor}).data)
