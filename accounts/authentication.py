"""How HTTP requests and WebSocket connections prove who they are."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from asgiref.sync import sync_to_async
from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import tokens
from accounts.models import User
from core.principal import Principal, Role
from shops.models import Shop


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`. Cookies mean nothing to the API."""

    def authenticate(self, request: Request) -> tuple[User | Shop, Principal] | None:
        scheme, _space, raw = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            return tokens.verify(raw.strip())
        except tokens.InvalidToken as error:
            raise AuthenticationFailed(str(error), code=error.code) from error

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.authentication.TokenAuthentication"
    name = "bearerAuth"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class SocketAuthentication:
    """Puts the caller's principal, or None, into the scope of a WebSocket connection.

    A client sends `?token=`; a panel sends its session cookie, and only from our own pages.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        principal = await sync_to_async(_socket_principal)(scope)
        await self.app({**scope, "principal": principal}, receive, send)


def _socket_principal(scope: dict[str, Any]) -> Principal | None:
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get(b"origin", "")
    own = urlsplit(origin).netloc == headers.get(b"host")
    if origin and not own and origin not in settings.CORS_ALLOWED_ORIGINS:
        return None
    query = parse_qs(scope["query_string"].decode("latin-1"))
    if "token" in query:
        return _token_principal(query["token"][0])
    return _panel_principal(scope) if origin and own else None


def _token_principal(raw: str) -> Principal | None:
    try:
        return tokens.verify(raw)[1]
    except tokens.InvalidToken:
        return None


def _panel_principal(scope: dict[str, Any]) -> Principal | None:
    user = scope["user"]
    if not user.is_authenticated:
        return None
    if user.is_staff and b"client_type=admin" in scope["query_string"]:
        return Principal(Role.ADMIN, user.pk, "web")
    shop = Shop.objects.filter(google_id=user.google_id, is_active=True).first()
    return Principal(Role.SHOP, shop.pk, "web") if shop else None
