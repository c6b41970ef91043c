"""How the adapters talk to their providers: with a deadline, and without a secret in any error."""

import json
import ssl
from collections.abc import Iterator
from functools import cache
from time import monotonic
from typing import Any

import httpx
from django.conf import settings

from billing.gateways.base import GatewayUnavailable

CONNECT_SECONDS = 5
MAX_BYTES = 2**20


def ask(method: str, url: str, **request: Any) -> httpx.Response:
    """The provider's whole answer, whatever it is below 500; else GatewayUnavailable.

    Redirects are not followed: a provider's API has no reason to send us elsewhere.
    """
    seconds = settings.GATEWAY_TIMEOUT_SECONDS
    timeout = httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
    deadline = monotonic() + seconds
    try:
        with (
            httpx.Client(timeout=timeout, verify=_trusted()) as client,
            client.stream(method, url, **request) as answer,
        ):
            body = b"".join(_in_time(answer, deadline))
    except httpx.HTTPError as error:
        # Only its name: the text and the request of the error hold addresses and signatures.
        raise GatewayUnavailable(type(error).__name__) from None
    if answer.is_server_error or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise GatewayUnavailable(f"HTTP {answer.status_code}")
    return httpx.Response(answer.status_code, headers=_plain(answer.headers), content=body)


def as_json(said: dict[str, Any]) -> bytes:
    """The object with amounts as plain numbers: 12 digits survive being a float."""
    return json.dumps(said, default=float).encode()


def _in_time(answer: httpx.Response, deadline: float) -> Iterator[bytes]:
    left = MAX_BYTES
    for chunk in answer.iter_bytes():
        left -= len(chunk)
        if monotonic() > deadline or left < 0:
            raise httpx.ReadTimeout("")
        yield chunk


def _plain(headers: httpx.Headers) -> dict[str, str]:
    """The headers that are still true of a body that is already unpacked."""
    return {"content-type": headers.get("content-type", "")}


@cache
def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context()  # reads the list of authorities: once is enough
