from collections.abc import Sequence
from functools import partial
from typing import Any

from drf_spectacular.utils import extend_schema
from orjson import Fragment
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from catalog import reading
from catalog.favourites import choosing
from catalog.models import visible
from catalog.serializers import ProductSerializer
from catalog.tables import Favourite
from core.guards import IsUser, current
from core.pagination import PARAMETERS, bare_list
from core.rendering import QuickJSONRenderer


class FavouriteSerializer(serializers.Serializer[Any]):
    product_id = serializers.IntegerField()
    is_favorite = serializers.BooleanField()


class FavouriteListView(APIView):
    """GET: the products that one has put aside, the last first.

    What is not on sale is left out, and is there again when it is.
    """

    permission_classes = [IsUser]
    renderer_classes = [QuickJSONRenderer]

    @extend_schema(
        operation_id="favorites_list",
        parameters=PARAMETERS,
        responses=ProductSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        user = current(request, User)
        aside = user.favourites.filter(visible("product__"))
        return bare_list(request, aside, partial(_products, reader=user.pk))


class FavouriteView(APIView):
    """PUT, POST: put a product aside. DELETE: no longer. Doing it again changes nothing."""

    permission_classes = [IsUser]

    @extend_schema(request=None, responses=FavouriteSerializer)
    def put(self, request: Request, pk: int) -> Response:
        choosing.add(current(request, User), pk)
        return Response({"product_id": pk, "is_favorite": True})

    @extend_schema(request=None, responses=FavouriteSerializer)
    def post(self, request: Request, pk: int) -> Response:
        return self.put(request, pk)

    @extend_schema(responses={200: FavouriteSerializer})
    def delete(self, request: Request, pk: int) -> Response:
        choosing.remove(current(request, User), pk)
        return Response({"product_id": pk, "is_favorite": False})


def _products(aside: Sequence[Favourite], reader: int) -> list[Fragment]:
    return reading.products((each.product_id for each in aside), reader)
