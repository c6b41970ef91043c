"""How the adapters talk to their providers."""

import json
from typing import Any

import httpx
from django.conf import settings

from billing.gateways.base import GatewayUnavailable
from core import asking

MAX_BYTES = 2**20


def ask(method: str, url: str, **request: Any) -> httpx.Response:
    """The provider's whole answer, whatever it is below 500; else GatewayUnavailable."""
    seconds = settings.GATEWAY_TIMEOUT_SECONDS
    try:
        answer = asking.ask(method, url, seconds=seconds, most_bytes=MAX_BYTES, **request)
    except asking.NoAnswer as error:
        raise GatewayUnavailable(str(error)) from None
    if answer.is_server_error or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise GatewayUnavailable(f"HTTP {answer.status_code}")
    return answer


def as_json(said: dict[str, Any]) -> bytes:
    """The object with amounts as plain numbers: 12 digits survive being a float."""
    return json.dumps(said, default=float).encode()
