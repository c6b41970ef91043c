from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core.bodies import valid
from core.guards import IsShop, IsUser, current
from core.pagination import PARAMETERS, bare_list
from orders.delivery import addresses, methods
from orders.delivery.serializers import (
    AddressInputSerializer,
    AddressSerializer,
    DeliveryMessageSerializer,
    DeliveryMethodInputSerializer,
    DeliveryMethodSerializer,
)
from orders.models import DeliveryAddress, DeliveryMethod
from shops.models import Shop


class AddressListView(APIView):
    """GET: one's addresses, newest first. POST: another one."""

    permission_classes = [IsUser]

    @extend_schema(parameters=PARAMETERS, responses=AddressSerializer(many=True))
    def get(self, request: Request) -> Response:
        rows = current(request, User).addresses.all()
        return bare_list(request, rows, lambda some: AddressSerializer(some, many=True).data)

    @extend_schema(request=AddressInputSerializer, responses={201: AddressSerializer})
    def post(self, request: Request) -> Response:
        sent = valid(AddressInputSerializer(data=request.data))
        address = addresses.add(current(request, User), **sent)
        return Response(AddressSerializer(address).data, status=201)


class AddressView(APIView):
    """PUT: write one's address anew. DELETE: forget it."""

    permission_classes = [IsUser]

    @extend_schema(request=AddressInputSerializer, responses=AddressSerializer)
    def put(self, request: Request, pk: int) -> Response:
        address = _own_address(request, pk)
        sent = valid(AddressInputSerializer(data=request.data))
        return Response(AddressSerializer(addresses.change(address, **sent)).data)

    @extend_schema(responses={200: DeliveryMessageSerializer})
    def delete(self, request: Request, pk: int) -> Response:
        addresses.remove(_own_address(request, pk))
        return Response({"message": _("The address is forgotten.")})


class ShopDeliveryMethodListView(APIView):
    """GET: how an approved, open shop delivers."""

    @extend_schema(
        operation_id="shops_delivery_methods_of_one",
        parameters=PARAMETERS,
        responses=DeliveryMethodSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        shop = get_object_or_404(Shop.objects.public(), pk=pk)
        return bare_list(request, methods.offered([shop.pk]), _as_json)


class OwnDeliveryMethodListView(APIView):
    """GET: how the shop delivers, newest first, those switched off too. POST: another way."""

    permission_classes = [IsShop]

    @extend_schema(
        operation_id="shops_me_delivery_methods_list",
        parameters=PARAMETERS,
        responses=DeliveryMethodSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        return bare_list(request, current(request, Shop).delivery_methods.all(), _as_json)

    @extend_schema(request=DeliveryMethodInputSerializer, responses={201: DeliveryMethodSerializer})
    def post(self, request: Request) -> Response:
        sent = valid(DeliveryMethodInputSerializer(data=request.data))
        method = methods.add(current(request, Shop), **sent)
        return Response(DeliveryMethodSerializer(method).data, status=201)


class OwnDeliveryMethodView(APIView):
    """PUT: write a way of delivery anew. DELETE: offer it no more."""

    permission_classes = [IsShop]

    @extend_schema(request=DeliveryMethodInputSerializer, responses=DeliveryMethodSerializer)
    def put(self, request: Request, pk: int) -> Response:
        method = _own_method(request, pk)
        sent = valid(DeliveryMethodInputSerializer(data=request.data))
        return Response(DeliveryMethodSerializer(methods.change(method, **sent)).data)

    @extend_schema(responses={200: DeliveryMessageSerializer})
    def delete(self, request: Request, pk: int) -> Response:
        _own_method(request, pk).delete()
        return Response({"message": _("The delivery method is gone.")})


def _own_address(request: Request, pk: int) -> DeliveryAddress:
    return get_object_or_404(current(request, User).addresses.select_related("user"), pk=pk)


def _own_method(request: Request, pk: int) -> DeliveryMethod:
    return get_object_or_404(current(request, Shop).delivery_methods, pk=pk)


def _as_json(rows: Sequence[DeliveryMethod]) -> Any:
    return DeliveryMethodSerializer(rows, many=True).data
