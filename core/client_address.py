"""From which address a request came."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

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


def client_network(request: HttpRequest) -> str:
    """The client as limits tell clients apart: an IPv4 address, or the /64 of an IPv6 address.

    Whoever has one IPv6 address has 2^64 of them. What is no address is "unknown".
    """
    return _network(client_address(request))


@lru_cache(4096)
def _network(written: str) -> str:
    try:
        address = ip_address(written)
    except ValueError:
        return "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((address.packed, 64), strict=False))
