"""What most requests ask for, answered before Django; its rules stay where they are.

Django's way from a socket to a view and back costs more than the reading. So the first request of
a kind goes that way, and what heads its answer is kept: whatever the middleware tells browsers,
caches and readers of a language it has told then. Requests that differ from it only in what
changes no header get the same head, and a body that is read for each of them. Everything else, and
what has no good answer, is Django's: it alone refuses, and words what it refuses.
"""

import asyncio
import re
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
from core.middleware import id_of

Read = Callable[..., bytes | None]  # None: let the view answer
Headers = list[tuple[bytes, bytes]]

READS: list[tuple[re.Pattern[str], Read]] = [
    (re.compile(r"/api/v1/products"), answers.page_for_strangers),
    (re.compile(r"/api/v1/products/(?P<pk>[1-9][0-9]{0,17})"), answers.product_for_strangers),
]
PLAIN_QUERY = re.compile(rb"[a-z0-9_=&]{0,100}")
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


class Wish(NamedTuple):
    """What is asked for, and what else shapes the head of its answer."""

    read: Read
    parts: dict[str, str]
    kind: tuple[object, ...]


class Head(NamedTuple):
    headers: Headers
    language: str


class QuickReads:
    """ASGI middleware around Django's handler."""

    def __init__(self, inner: Application) -> None:
        self._inner = inner
        self._heads: dict[tuple[object, ...], Head] = {}
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="quick")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        wish = _wish(scope)
        if wish is None:
            await self._inner(scope, receive, send)
        elif head := self._heads.get(wish.kind):
            await self._answer(wish, head, scope, receive, send)
        else:
            await self._inner(scope, receive, self._learning(wish, send))

    async def _answer(
        self, wish: Wish, head: Head, scope: Message, receive: Receive, send: Send
    ) -> None:
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._threads, _answered, wish, head, scope)
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
    path, query = scope["path"], scope["query_string"]
    if scope["method"] != "GET" or not path.startswith("/api/v1/products"):
        return None
    shaping = _shaping(scope["headers"])
    if shaping is None or not PLAIN_QUERY.fullmatch(query):
        return None
    for address, read in READS:
        if found := address.fullmatch(path):
            return Wish(read, found.groupdict(), (read, scope.get("scheme"), *shaping))
    return None


def _shaping(headers: Headers) -> Headers | None:
    """Those headers that shape the answer's, if all are known and not too long."""
    shaping = [header for header in headers if header[0] not in IDLE]
    is_known = all(name in SHAPING for name, _value in shaping)
    is_short = sum(len(value) for _name, value in shaping) <= KIND_MAX_BYTES
    return shaping if is_known and is_short else None


def _answered(wish: Wish, head: Head, scope: Message) -> tuple[Headers, bytes] | None:
    """What is said and its headers; None where Django has to word what is not as it should be."""
    request = ASGIRequest(scope, BytesIO())
    try:
        with translation.override(head.language):
            return _granted(wish, head, request)
    except Error:
        connection.close()
        return None


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
