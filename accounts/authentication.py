"""How HTTP requests and WebSocket connections prove who they are."""

from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils.crypto import constant_time_compare
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import sessions, tokens
from accounts.mfa import browser
from accounts.models import User
from core.principal import Principal, Role
from realtime import groups
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

    A client sends `?token=`; a panel sends its session cookie, and only from our own pages. An
    administrator who has not shown a second factor listens as an ordinary user, or not at all.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        who = await sync_to_async(_who)(scope)
        await self.app({**scope, **who}, receive, send)


def _who(scope: dict[str, Any]) -> dict[str, Any]:
    """The caller's principal, the group that hears of its sign-out, and a way to ask about it."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get(b"origin", "")
    own = urlsplit(origin).netloc == headers.get(b"host")
    if origin and not own and origin not in settings.CORS_ALLOWED_ORIGINS:
        return {"principal": None, "foreign_origin": True}
    query = parse_qs(scope["query_string"].decode("latin-1"))
    if "token" in query:
        return _bearer(query["token"][0])
    if not (origin and own):
        return {"principal": None}
    return _browser(scope, wants_admin=query.get("client_type") == ["admin"])


def _bearer(raw: str) -> dict[str, Any]:
    try:
        principal = tokens.verify(raw)[1]
    except tokens.InvalidToken:
        return {"principal": None}
    return {
        "principal": principal.without_unproven_rights(),
        "is_signed_in": partial(sessions.is_alive, principal),
        "session_group": groups.session_layer_name(principal.session_id),
    }


def _browser(scope: dict[str, Any], *, wants_admin: bool) -> dict[str, Any]:
    session_key = scope["cookies"].get(settings.SESSION_COOKIE_NAME)
    ask = partial(_panel_principal, session_key, wants_admin=wants_admin)
    user, principal = ask()
    if user is None or principal is None:
        return {"principal": None}
    return {
        "principal": principal,
        "is_signed_in": lambda: ask() == (user, principal),
        "session_group": groups.panel_layer_name(user.pk),
    }


def _panel_principal(
    session_key: str | None, *, wants_admin: bool
) -> tuple[User | None, Principal | None]:
    """Whose cookie session this is, and as whom. Django's own way to ask would change it."""
    session = SessionStore(session_key=session_key)
    user = User.objects.filter(pk=session.get(SESSION_KEY, 0), is_active=True).first()
    if user is None or not _is_of_its_time(session, user):
        return None, None
    if user.is_staff and wants_admin and browser.has_shown(session, user):
        return user, Principal(Role.ADMIN, user.pk, "web")
    shop = Shop.objects.owned_by(user).first()
    return user, Principal(Role.SHOP, shop.pk, "web") if shop and shop.is_active else None


def _is_of_its_time(session: SessionStore, user: User) -> bool:
    """Whether the person has not been signed out everywhere since."""
    known: str = session.get(HASH_SESSION_KEY, "")
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(known, each) for each in hashes)
