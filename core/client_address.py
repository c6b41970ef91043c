"""From which address a request came."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The IP address of the client, or "".

    `X-Forwarded-For` counts only as far as TRUSTED_PROXIES wrote it: from the right, the first
    address that is none of them is the client. Anything a client writes there itself is ignored.
    """
    address: str = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while address in settings.TRUSTED_PROXIES and forwarded:
        address = forwarded.pop().strip()
    return address
