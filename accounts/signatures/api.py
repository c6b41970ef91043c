from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import RequestKey, User
from accounts.signatures import keys
from accounts.signatures.serializers import (
    NewKeySerializer,
    RegisteredKeySerializer,
    RequestKeySerializer,
)
from core.bodies import valid
from core.guards import HasRecentSecondFactor, IsReading, IsShop, IsUser, current
from shops.models import Shop


class UserKeyListView(APIView):
    """GET: the user's keys for signing. POST: register one; needs a recent second factor."""

    permission_classes = [IsUser, IsReading | HasRecentSecondFactor]

    @extend_schema(responses=RequestKeySerializer(many=True))
    def get(self, request: Request) -> Response:
        return _list(current(request, User))

    @extend_schema(request=NewKeySerializer, responses={201: RegisteredKeySerializer})
    def post(self, request: Request) -> Response:
        return _register(request, current(request, User))


class UserKeyView(APIView):
    """DELETE: trust a key no longer; needs a recent second factor."""

    permission_classes = [IsUser, HasRecentSecondFactor]

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        return _remove(current(request, User), pk)


class ShopKeyListView(APIView):
    """GET: the shop's keys for signing. POST: register one; needs a recent second factor."""

    permission_classes = [IsShop, IsReading | HasRecentSecondFactor]

    @extend_schema(responses=RequestKeySerializer(many=True))
    def get(self, request: Request) -> Response:
        return _list(current(request, Shop))

    @extend_schema(request=NewKeySerializer, responses={201: RegisteredKeySerializer})
    def post(self, request: Request) -> Response:
        return _register(request, current(request, Shop))


class ShopKeyView(APIView):
    """DELETE: trust a key no longer; needs a recent second factor."""

    permission_classes = [IsShop, HasRecentSecondFactor]

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        return _remove(current(request, Shop), pk)


def _list(owner: User | Shop) -> Response:
    own = owner.request_keys.live().order_by("-pk")
    return Response(RequestKeySerializer(own, many=True).data)


def _register(request: Request, owner: User | Shop) -> Response:
    asked = valid(NewKeySerializer(data=request.data))
    if asked["algorithm"] == RequestKey.Algorithm.ED25519:
        key = keys.register_device(owner, asked["name"], asked["public_key"])
        return Response(RequestKeySerializer(key).data, status=201)
    key, secret = keys.register_partner(owner, asked["name"])
    return Response({**RequestKeySerializer(key).data, "secret": secret}, status=201)


def _remove(owner: User | Shop, pk: int) -> Response:
    keys.remove(get_object_or_404(owner.request_keys.live(), pk=pk))
    return Response(status=204)
