"""Who makes a request, as far as signatures tell: the database is not asked about tokens."""

import json
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import Token

from accounts.signed_tokens import AccessToken, RefreshToken
from core.principal import Principal, Role

REFRESH_BODY_MAX_BYTES = 16 * 1024
FORM = "application/x-www-form-urlencoded"


def bearer(request: HttpRequest) -> Principal | None:
    """The one an access token was issued to, if it is ours and has not expired."""
    scheme, _space, raw = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return _claimed(AccessToken, raw.strip()) if scheme.lower() == "bearer" else None


def refresher(request: HttpRequest) -> Principal | None:
    """The same for the refresh token in a body, JSON or form."""
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or int(length) > REFRESH_BODY_MAX_BYTES:
        return None
    try:
        return _claimed(RefreshToken, _sent(request)["refresh_token"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def _sent(request: HttpRequest) -> Any:
    if request.content_type == FORM:
        return dict(parse_qsl(request.body.decode("latin-1")))
    return json.loads(request.body)


def visitor(request: HttpRequest) -> Principal | None:
    """The one who signed in to the pages with this browser."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user_id = request.session.get(SESSION_KEY)
    return Principal(Role.USER, int(user_id), "web") if user_id else None


def _claimed(kind: type[Token], raw: Any) -> Principal | None:
    try:
        claims = kind(raw)
    except (TokenError, ValueError):  # ValueError: a lone surrogate has no bytes
        return None
    role = Role.SHOP if "shop_id" in claims else Role.USER
    return Principal(role, int(claims[f"{role}_id"]), session_id=str(claims.get("sid", "")))
