"""How HTTP requests and WebSocket connections prove who they are."""

from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
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
        who = await sync_to_async(_who)(scope)
        await self.app({**scope, **who}, receive, send)


def _who(scope: dict[str, Any]) -> dict[str, Any]:
    """The caller's principal, and a way to ask later whether it still is what it was."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get(b"origin", "")
    own = urlsplit(origin).netloc == headers.get(b"host")
    if origin and not own and origin not in settings.CORS_ALLOWED_ORIGINS:
        return {"principal": None, "foreign_origin": True}
    query = parse_qs(scope["query_string"].decode("latin-1"))
    if "token" in query:
        principal = _token_principal(query["token"][0])
        return {"principal": principal, "is_signed_in": partial(tokens.is_alive, principal)}
    ask = partial(_panel_principal, scope, wants_admin=query.get("client_type") == ["admin"])
    principal = ask() if origin and own else None
    return {"principal": principal, "is_signed_in": lambda: ask() == principal}


def _token_principal(raw: str) -> Principal | None:
    try:
        return tokens.verify(raw)[1]
    except tokens.InvalidToken:
        return None


def _panel_principal(scope: dict[str, Any], *, wants_admin: bool) -> Principal | None:
    session = SessionStore(session_key=scope["session"].session_key)
    user = User.objects.filter(pk=session.get(SESSION_KEY, 0), is_active=True).first()
    if user is None:
        return None
    if user.is_staff and wants_admin:
        return Principal(Role.ADMIN, user.pk, "web")
    shop = Shop.objects.filter(google_id=user.google_id, is_active=True).first()
    return Principal(Role.SHOP, shop.pk, "web") if shop else None
