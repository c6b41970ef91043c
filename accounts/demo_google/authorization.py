"""What an application asks for when it sends a person here, and where it may send them back."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _


class NotOurApplication(Exception):
    """Unknown client or foreign return address: the person must not be sent there."""


@dataclass(frozen=True, slots=True)
class Authorization:
    client_id: str
    redirect_uri: str
    state: str
    nonce: str
    code_challenge: str
    error: str
    """What the application asked for wrongly, in OAuth's words, or nothing."""

    @classmethod
    def asked_by(cls, query: QueryDict) -> "Authorization":
        client_id, redirect_uri = query.get("client_id", ""), query.get("redirect_uri", "")
        if client_id not in settings.GOOGLE_MOBILE_CLIENT_IDS:
            raise NotOurApplication(_("This application is not registered here."))
        if not may_return_to(redirect_uri):
            raise NotOurApplication(_("This return address does not belong to the application."))
        return cls(
            client_id=client_id,
            redirect_uri=redirect_uri,
            state=query.get("state", ""),
            nonce=query.get("nonce", ""),
            code_challenge=query.get("code_challenge", ""),
            error=_error_of(query),
        )


def may_return_to(uri: str) -> bool:
    """Only this computer and the platform's own addresses are sent a code."""
    if not uri.isascii() or not uri.isprintable() or {" ", "\\", "#", "@"} & set(uri):
        return False
    try:
        parts = urlsplit(uri)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"}:
        return False
    return origin(uri) in platform_origins() or is_loopback(host)


def platform_origins() -> set[str]:
    return {origin(settings.API_BASE_URL), origin(settings.FRONTEND_URL)}


def origin(uri: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(uri))


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _error_of(query: QueryDict) -> str:
    if query.get("response_type") != "code":
        return "unsupported_response_type"
    if query.get("code_challenge"):
        return "" if query.get("code_challenge_method") == "S256" else "invalid_request"
    # Clients in phones have no secret, so PKCE is all that proves them.
    return "" if query["client_id"] == settings.GOOGLE_CLIENT_ID else "invalid_request"
