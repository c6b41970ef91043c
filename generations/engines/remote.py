"""What the engines that live elsewhere have in common."""

import base64
import binascii
from collections.abc import Callable
from queue import Empty, Queue
from threading import Thread
from typing import Any, TypeVar

import httpx

from core import asking
from generations.engines.base import GenerationError

CALL_SECONDS = 60  # for one call; the whole picture has GENERATION_SECONDS
MAX_BYTES = 20 * 2**20
T = TypeVar("T")


def within(call: Callable[[], T]) -> T:
    """What the call returns or raises; `provider_timeout` when it takes over CALL_SECONDS.

    A library's own time-outs count from byte to byte, and a server may send one at a time. The
    thread of a call that is too late is left to itself.
    """
    outcome: Queue[tuple[T | None, BaseException | None]] = Queue(1)

    def run() -> None:
        try:
            outcome.put((call(), None))
        except BaseException as error:  # noqa: BLE001 - raised below, in the caller's thread
            outcome.put((None, error))

    Thread(target=run, daemon=True).start()
    try:
        result, error = outcome.get(timeout=CALL_SECONDS)
    except Empty:
        raise GenerationError("provider_timeout") from None
    if error:
        raise error
    return result  # type: ignore[return-value]  # there is one where there is no error


def ask(method: str, url: str, *, repeatable: bool, **request: Any) -> httpx.Response:
    """The provider's answer, whatever its status; asking again is safe where it is `repeatable`."""
    try:
        return asking.ask(method, url, seconds=CALL_SECONDS, most_bytes=MAX_BYTES, **request)
    except asking.NoAnswer as error:
        code = "provider_timeout" if error.was_sent else "provider_unavailable"
        may_repeat = repeatable or not error.was_sent
        raise GenerationError(code, retryable=may_repeat, provider_code=str(error)) from None


def refuse_too_long(answer: Any) -> None:
    """An event hook for the client of a provider's library: no answer of more than MAX_BYTES."""
    if int(answer.headers.get("content-length") or 0) > MAX_BYTES:
        raise GenerationError("provider_bad_response", provider_code="too long")


def data_url(jpeg: bytes) -> str:
    """Pictures are sent themselves, never as links to them."""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


def from_data_url(text: object) -> bytes:
    """The bytes of a picture that came the same way."""
    head, comma, body = str(text).partition(",")
    if not (comma and head.startswith("data:image/") and head.endswith(";base64")):
        raise GenerationError("provider_bad_response", provider_code="no picture")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise GenerationError("provider_bad_response", provider_code="no Base64") from error


def as_json(answer: httpx.Response) -> dict[str, Any]:
    """The object that an answer holds."""
    try:
        said = answer.json()
    except ValueError as error:
        raise GenerationError("provider_bad_response", provider_code="no JSON") from error
    if not isinstance(said, dict):
        raise GenerationError("provider_bad_response", provider_code="no object")
    return said


def by_status(status: int, said: str = "") -> GenerationError:
    """What a provider's HTTP status means, where it says nothing better itself."""
    codes = {
        401: "provider_auth",
        402: "provider_quota",
        403: "provider_auth",
        408: "provider_timeout",
        409: "provider_busy",
        429: "provider_rate_limit",
        504: "provider_timeout",
    }
    code = codes.get(status, "provider_unavailable" if status >= 500 else "provider_bad_response")  # noqa: PLR2004
    passing = {"provider_busy", "provider_rate_limit", "provider_unavailable"}
    told = f"HTTP {status} {said}".strip()[:100]
    return GenerationError(code, retryable=code in passing, provider_code=told)
