"""Django's door for HTTP, mended: one hop to a thread that stays, and no fault for odd headers.

Django makes threads for every request and hops to them for each signal: that costs twice what is
done there. Middleware and views run here from beginning to end in one thread of a fixed set; each
health check has a thread of its own, so that it is answered whatever the others do.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus
from io import BytesIO
from typing import Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, ASGIRequest, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix
from django.utils.translation import gettext_noop as _

from config.concurrency import ALWAYS_ANSWERED, AT_WORK_MAX
from config.early_problems import refusal
from core import lost_connections

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class HTTPHandler(ASGIHandler):
    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._threads = _threads(AT_WORK_MAX)
        self._own = {path: _threads(1) for path in ALWAYS_ANSWERED}

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer; returns when the thread is free, also where the client went away before that.

        Its work is then finished unheard: who counts requests counts threads at work, and the
        server drops what it is given for nobody.
        """
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        threads = self._own.get(scope["path"], self._threads)
        work = asyncio.get_running_loop().run_in_executor(threads, self._respond, scope, body)
        response = await work
        if response.streaming:
            await self._stream(response, receive, send)
        else:
            await self.send_response(response, send)

    async def read_body(self, receive: Receive) -> Any:
        """As Django's, but what comes at once needs no file."""
        first = await receive()
        if first["type"] == "http.request" and not first.get("more_body"):
            return BytesIO(first.get("body", b""))
        given = [first]

        async def from_the_first() -> Any:
            return given.pop() if given else await receive()

        return await super().read_body(from_the_first)

    async def _stream(self, response: HttpResponseBase, receive: Receive, send: Send) -> None:
        """Send piece by piece, while somebody is there."""
        leaving = asyncio.ensure_future(receive())

        async def send_to_somebody(message: Any) -> None:
            await asyncio.sleep(0)
            if leaving.done():
                raise RequestAborted
            await send(message)

        async with ThreadSensitiveContext():
            try:
                with suppress(RequestAborted):
                    await self.send_response(response, send_to_somebody)
            finally:
                leaving.cancel()
                await sync_to_async(response.close)()

    def _respond(self, scope: Mapping[str, Any], body: Any) -> HttpResponseBase:
        """The response, and all that belongs to the request over, but for what it streams."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, body)
        response: Any = self.get_response(request) if request else refusal
        response._handler_class = self.__class__
        if response.streaming:
            close_old_connections()  # what it reads, it reads elsewhere
        else:
            response.close()
        body.close()
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            lost_connections.drop()
        return response  # type: ignore[no-any-return]

    def create_request(
        self, scope: Mapping[str, Any], body_file: Any
    ) -> tuple[ASGIRequest, None] | tuple[None, HttpResponse]:
        try:
            return self.request_class(scope, body_file), None
        except ValueError:  # not UTF-8, or a Content-Type of a charset that nobody knows
            return None, _unreadable(scope)


def _threads(most: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(most, thread_name_prefix="http")


def _unreadable(scope: Mapping[str, Any]) -> HttpResponse:
    headers, body = refusal(
        HTTPStatus.BAD_REQUEST,
        "bad_request",
        _("The request could not be understood."),
        path=scope["path"],
        sent=scope["headers"],
    )
    said = {name.decode(): value.decode() for name, value in headers}
    return HttpResponse(body, status=HTTPStatus.BAD_REQUEST, headers=said)
