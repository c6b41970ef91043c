"""The cookie that ties a sign-in to the browser that began it.

Without it a stranger could send somebody a link that signs them in as the stranger.
"""

import re
from secrets import token_urlsafe

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.providers.code_flow import SECONDS

SECRET = re.compile(r"[\w-]{43}", re.ASCII)


def cookie_name() -> str:
    return "__Host-sign-in" if settings.HTTPS else "sign-in"


def secret_of(request: HttpRequest) -> str:
    """The secret of this browser; a new one if it has none yet."""
    return known_secret_of(request) or token_urlsafe(32)


def known_secret_of(request: HttpRequest) -> str | None:
    sent = request.COOKIES.get(cookie_name(), "")
    return sent if SECRET.fullmatch(sent) else None


def expected_secret_of(request: HttpRequest) -> str | None:
    """The same, but "" for a page that brings none; a program has none and needs none."""
    is_page = settings.SIGN_IN_COOKIE_REQUIRED and "Origin" in request.headers
    return known_secret_of(request) or ("" if is_page else None)


def remember(response: HttpResponse, secret: str) -> None:
    response.set_cookie(
        cookie_name(),
        secret,
        max_age=SECONDS,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
