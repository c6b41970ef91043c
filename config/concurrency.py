"""Keeps the number of HTTP requests at work bounded, so that a rush gets an honest 503."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext_noop as _

from config.early_problems import refusal

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

AT_WORK_MAX = 24
WAITING_MAX = 60
RETRY_AFTER_SECONDS = 2
ALWAYS_ANSWERED = {"/healthz", "/readyz"}


class ConcurrencyLimit:
    """ASGI middleware; what is not HTTP and the health checks pass untouched.

    A request keeps its place until its answer begins, however slowly that is read then, or until
    `inner` returns; also when its client went away before that.
    """

    def __init__(
        self, inner: Application, *, at_work: int = AT_WORK_MAX, waiting: int = WAITING_MAX
    ) -> None:
        self._inner = inner
        self._places = asyncio.Semaphore(at_work)
        self._waiting_max = waiting
        self._waiting = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in ALWAYS_ANSWERED:
            await self._inner(scope, receive, send)
        elif self._places.locked() and self._waiting >= self._waiting_max:
            await _refuse(scope, send)
        else:
            await self._take_a_place()
            await self._work(scope, receive, send)

    async def _work(self, scope: Message, receive: Receive, send: Send) -> None:
        has_place = True

        def leave() -> None:
            nonlocal has_place
            if has_place:
                has_place = False
                self._places.release()

        async def leave_and_send(message: Message) -> None:
            leave()
            await send(message)

        try:
            await self._inner(scope, receive, leave_and_send)
        finally:
            leave()

    async def _take_a_place(self) -> None:
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1


async def _refuse(scope: Message, send: Send) -> None:
    headers, body = refusal(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "overloaded",
        _("Too many people are here right now. Try again in a few seconds."),
        path=scope["path"],
        sent=scope["headers"],
    )
    headers.append((b"Retry-After", str(RETRY_AFTER_SECONDS).encode()))
    status = HTTPStatus.SERVICE_UNAVAILABLE.value
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
