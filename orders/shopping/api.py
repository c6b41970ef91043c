from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core.bodies import valid
from core.guards import IsUser, current
from orders import carts
from orders.buying.serializers import WishSerializer, days_of, wishes_of
from orders.shopping.serializers import CartSerializer, LineChangeSerializer


class CartView(APIView):
    """GET: what is in the cart, with its prices of now. DELETE: nothing any more."""

    permission_classes = [IsUser]

    @extend_schema(responses=CartSerializer)
    def get(self, request: Request) -> Response:
        return _cart(request)

    @extend_schema(responses={200: CartSerializer})
    def delete(self, request: Request) -> Response:
        carts.clear(current(request, User))
        return _cart(request)


class CartItemListView(APIView):
    """POST: put something into the cart; what is there already becomes more."""

    permission_classes = [IsUser]

    @extend_schema(request=WishSerializer, responses={201: CartSerializer})
    def post(self, request: Request) -> Response:
        [wish] = wishes_of([valid(WishSerializer(data=request.data))])
        carts.add(current(request, User), wish)
        return _cart(request, status=201)


class CartItemView(APIView):
    """PUT: how many, or which days. DELETE: take it out."""

    permission_classes = [IsUser]

    @extend_schema(request=LineChangeSerializer, responses=CartSerializer)
    def put(self, request: Request, pk: int) -> Response:
        user = current(request, User)
        sent = valid(LineChangeSerializer(data=request.data))
        days = days_of(sent) if "rental_start_date" in sent else None
        carts.change(user, pk, quantity=sent.get("quantity"), days=days)
        return _cart(request)

    @extend_schema(responses={200: CartSerializer})
    def delete(self, request: Request, pk: int) -> Response:
        carts.remove(current(request, User), pk)
        return _cart(request)


def _cart(request: Request, status: int = 200) -> Response:
    contents = carts.read(current(request, User))
    return Response(CartSerializer(contents).data, status=status)
