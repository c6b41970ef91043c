"""Asking other companies' servers: with a deadline and a limit, and no secret in any error."""

import ssl
from collections.abc import Iterator
from functools import cache
from time import monotonic
from typing import Any

import httpx

CONNECT_SECONDS = 5


class NoAnswer(Exception):
    """Nothing usable came in time; `was_sent` is whether the other side may have acted on it."""

    def __init__(self, reason: str, *, was_sent: bool = True) -> None:
        super().__init__(reason)
        self.was_sent = was_sent


def ask(
    method: str, url: str, *, seconds: float, most_bytes: int = 2**20, **request: Any
) -> httpx.Response:
    """The whole answer, whatever its status, within so many seconds and bytes; else NoAnswer.

    Redirects are not followed: an API has no reason to send us elsewhere.
    """
    timeout = httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
    deadline = monotonic() + seconds
    try:
        with (
            httpx.Client(timeout=timeout, verify=_trusted()) as client,
            client.stream(method, url, **request) as answer,
        ):
            body = b"".join(_in_time(answer, deadline, most_bytes))
    except httpx.HTTPError as error:
        # Only its name: the text and the request of the error hold addresses and signatures.
        unsent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
        raise NoAnswer(type(error).__name__, was_sent=not unsent) from None
    return httpx.Response(answer.status_code, headers=_plain(answer.headers), content=body)


def _in_time(answer: httpx.Response, deadline: float, most_bytes: int) -> Iterator[bytes]:
    left = most_bytes
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
