"""Signing in, and the pages of Google and Apple that it begins on."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.devices import description
from accounts.login import browser
from accounts.login.serializers import (
    AppleLoginSerializer,
    GoogleLoginSerializer,
    LoginAnswerSerializer,
    OwnShopSerializer,
    UrlAnswerSerializer,
    UrlQuerySerializer,
    name_in,
)
from accounts.models import User
from accounts.providers import apple, code_flow, google, id_tokens
from accounts.providers.provider import Identity, Provider
from accounts.serializers import UserSerializer
from accounts.sign_in import Device, SignedIn, enter_own_shop, sign_in
from core.bodies import valid
from core.guards import IsUser, current
from shops.models import Shop
from shops.serializers import ShopSerializer

NOT_STORED = {"Cache-Control": "no-store"}


class GoogleLoginView(APIView):
    """POST: sign in with what Google gave the client. The account is made on the first sign-in."""

    authentication_classes = []

    @extend_schema(request=GoogleLoginSerializer, responses=LoginAnswerSerializer)
    def post(self, request: Request) -> Response:
        login = valid(GoogleLoginSerializer(data=request.data))
        return _signed_in(request, login, _identity(request, google.provider(), login))


class AppleLoginView(APIView):
    """POST: sign in with what Apple gave the client; `user_data` comes the first time only."""

    authentication_classes = []

    @extend_schema(request=AppleLoginSerializer, responses=LoginAnswerSerializer)
    def post(self, request: Request) -> Response:
        login = valid(AppleLoginSerializer(data=request.data))
        identity = _identity(request, apple.provider(), login)
        name = name_in(login.get("user_data")) or identity.name
        return _signed_in(request, login, replace(identity, name=name))


class GoogleUrlView(APIView):
    """GET: the page of Google that a web client opens to sign in."""

    authentication_classes = []

    @extend_schema(parameters=[UrlQuerySerializer], responses=UrlAnswerSerializer)
    def get(self, request: Request) -> Response:
        return _way_out(request, google.provider())


class AppleUrlView(APIView):
    """GET: the page of Apple that a web client opens to sign in."""

    authentication_classes = []

    @extend_schema(parameters=[UrlQuerySerializer], responses=UrlAnswerSerializer)
    def get(self, request: Request) -> Response:
        return _way_out(request, apple.provider())


class OwnShopView(APIView):
    """POST: a person enters their own shop, which is made on first use."""

    permission_classes = [IsUser]

    @extend_schema(request=OwnShopSerializer, responses=LoginAnswerSerializer)
    def post(self, request: Request) -> Response:
        valid(OwnShopSerializer(data=request.data))
        signed_in = enter_own_shop(current(request, User), device_of(request, "web"))
        return Response(answer(signed_in, "web"), headers=NOT_STORED)


def device_of(request: HttpRequest | Request, platform: str) -> Device:
    """The device that makes the request."""
    return Device(platform, **description.device_of(request))


def answer(signed_in: SignedIn, platform: str) -> dict[str, Any]:
    """What a client gets that has signed in."""
    is_shop = isinstance(signed_in.account, Shop)
    return {
        "access_token": signed_in.tokens.access,
        "refresh_token": signed_in.tokens.refresh,
        "token_type": "bearer",
        "account_type": "shop" if is_shop else "user",
        "platform": platform,
        **_account(signed_in.account),
    }


def _identity(request: Request, provider: Provider, login: dict[str, Any]) -> Identity:
    if ("id_token" in login) == ("code" in login):
        raise ParseError(_("Send either id_token or code."))
    if "code" in login:
        secret = browser.expected_secret_of(request)
        return code_flow.finish(provider, login["code"], login["state"], browser=secret)
    platform, nonce = login["platform"], login.get("nonce")
    return id_tokens.verify(provider, login["id_token"], platform=platform, nonce=nonce)


def _signed_in(request: Request, login: dict[str, Any], identity: Identity) -> Response:
    device = device_of(request, login["platform"])
    signed_in = sign_in(identity, login["account_type"], device)
    return Response(answer(signed_in, login["platform"]), headers=NOT_STORED)


def _way_out(request: Request, provider: Provider) -> Response:
    query = UrlQuerySerializer(data=request.query_params)
    query.is_valid(raise_exception=True)
    secret = browser.secret_of(request)
    address = code_flow.start(provider, browser=secret, **query.validated_data)
    response = Response({"authorization_url": address, **query.validated_data}, headers=NOT_STORED)
    browser.remember(response, secret)
    return response


def _account(account: User | Shop) -> dict[str, Any]:
    if isinstance(account, Shop):
        return {"shop": ShopSerializer(account).data}
    return {"user": UserSerializer(account).data}
