"""What most requests ask for, answered before Django; its rules stay where they are.

Django's way from a socket to a view and back costs more than the reading. So the first request of
a kind goes that way, and what heads its answer is kept: whatever the middleware tells browsers,
caches and readers of a language it has told then. Requests that differ from it only in what
changes no header get the same head, and a body that is read for each of them. Everything else, and
what has no good answer, is Django's: it alone refuses, and words what it refuses.
"""

import asyncio
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from io import BytesIO
from typing import NamedTuple

from django.core.handlers.asgi import ASGIRequest
from django.db import Error, connection
from django.http import HttpRequest
from django.utils import translation

from catalog import answers
from config.concurrency import Application, Message, Receive, Send
from config.limits.middleware import verdict_of
from core import lost_connections
from core.middleware import id_of

Read = Callable[..., bytes | None]  # None: let the view answer
Headers = list[tuple[bytes, bytes]]

READS: list[tuple[re.Pattern[str], Read]] = [  # by address and query
    (
        re.compile(r"/api/v1/products\?(?:(?:cursor|limit)=\w{0,20}&?){0,4}", re.ASCII),
        answers.page_for_strangers,
    ),
    (re.compile(r"/api/v1/products/(?P<pk>[1-9][0-9]{0,17})\?"), answers.product_for_strangers),
]
# What of a request changes what heads its answer, and what does not; with anything else
# (a token, a cookie, a body) it is Django's.
SHAPING = {b"host", b"accept", b"accept-language", b"origin", b"x-forwarded-proto"}
IDLE = {
    *(b"user-agent", b"x-request-id", b"x-forwarded-for", b"x-real-ip", b"connection"),
    *(b"accept-encoding", b"cache-control", b"pragma", b"priority", b"referer", b"dnt"),
    *(b"sec-fetch-dest", b"sec-fetch-mode", b"sec-fetch-site", b"traceparent", b"tracestate"),
}
OF_ONE_ANSWER = {b"x-request-id", b"content-length", b"ratelimit", b"ratelimit-policy"}
KINDS_MAX = 500
KIND_MAX_BYTES = 1000
THREADS = 8  # of 24, each request costs a sixth more
KEPT_SECONDS = 60  # that a thread keeps its connection, as none would come from the pool sooner
REST_SECONDS = 5  # that everybody is Django's after the database failed


class Wish(NamedTuple):
    """What is asked for, and what else shapes the head of its answer."""

    read: Read
    parts: dict[str, str]
    kind: tuple[object, ...]


class Head(NamedTuple):
    headers: Headers
    language: str


class Kept(threading.local):
    """Until when this thread keeps its connection."""

    until = 0.0


class QuickReads:
    """ASGI middleware around Django's handler."""

    def __init__(self, inner: Application) -> None:
        self._inner = inner
        self._heads: dict[tuple[object, ...], Head] = {}
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="quick")
        self._rests_until = 0.0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        wish = _wish(scope) if time.monotonic() > self._rests_until else None
        if wish is None:
            await self._inner(scope, receive, send)
        elif head := self._heads.get(wish.kind):
            await self._answer(wish, head, scope, receive, send)
        else:
            await self._inner(scope, receive, self._learning(wish, send))

    async def _answer(
        self, wish: Wish, head: Head, scope: Message, receive: Receive, send: Send
    ) -> None:
        loop, answer = asyncio.get_running_loop(), None
        try:
            answer = await loop.run_in_executor(self._threads, _answered, wish, head, scope)
        except Error:
            self._rests_until = time.monotonic() + REST_SECONDS
        if answer is None:
            await self._inner(scope, receive, send)
            return
        headers, body = answer
        status = HTTPStatus.OK.value
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _learning(self, wish: Wish, send: Send) -> Send:
        async def learn_and_send(message: Message) -> None:
            if message.get("status") == HTTPStatus.OK:
                self._learn(wish, message["headers"])
            await send(message)

        return learn_and_send

    def _learn(self, wish: Wish, headers: Headers) -> None:
        lasting = [header for header in headers if header[0].lower() not in OF_ONE_ANSWER]
        said = {name.lower(): value.decode("latin-1") for name, value in lasting}
        if b"set-cookie" in said:
            return
        if len(self._heads) >= KINDS_MAX:
            del self._heads[next(iter(self._heads))]
        self._heads[wish.kind] = Head(lasting, said[b"content-language"])


def _wish(scope: Message) -> Wish | None:
    """None for what only Django can answer."""
    if scope["method"] != "GET" or not scope["path"].startswith("/api/v1/products"):
        return None
    asked = f"{scope['path']}?{scope['query_string'].decode('latin-1')}"
    for address, read in READS:
        if found := address.fullmatch(asked):
            shaping = _shaping(scope["headers"])
            kind = (read, scope.get("scheme"), *(shaping or ()))
            return Wish(read, found.groupdict(), kind) if shaping else None
    return None


def _shaping(headers: Headers) -> Headers | None:
    """Those headers that shape the answer's, if all are known, said once and not too long."""
    shaping = [header for header in headers if header[0] not in IDLE]
    names = {name for name, _value in shaping}
    is_plain = b"host" in names and names <= SHAPING and len(names) == len(shaping)
    is_short = sum(len(value) for _name, value in shaping) <= KIND_MAX_BYTES
    return shaping if is_plain and is_short else None


def _answered(wish: Wish, head: Head, scope: Message) -> tuple[Headers, bytes] | None:
    """What is said and its headers; None where Django has to word what is not as it should be.

    Raises django.db.Error.
    """
    request = ASGIRequest(scope, BytesIO())
    if time.monotonic() > _kept.until:
        connection.close()
        _kept.until = time.monotonic() + KEPT_SECONDS
    try:
        with translation.override(head.language):
            return _granted(wish, head, request)
    except Error:
        connection.close()
        lost_connections.drop()
        raise


def _granted(wish: Wish, head: Head, request: HttpRequest) -> tuple[Headers, bytes] | None:
    verdict = verdict_of(request)
    if verdict and not verdict.is_granted:
        return None
    body = wish.read(request, **wish.parts)
    if body is None:
        return None
    own = {**(verdict.headers if verdict else {}), "X-Request-ID": id_of(request)}
    own["Content-Length"] = str(len(body))
    return [*head.headers, *((name.encode(), text.encode()) for name, text in own.items())], body


_kept = Kept()
