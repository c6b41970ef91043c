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
from typing import Any

from asgiref.sync import sync_to_async
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
from config.early_problems import headers_of, worded

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class HTTPHandler(ASGIHandler):
    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._threads = _threads(AT_WORK_MAX)
        self._own = {path: _threads(1) for path in ALWAYS_ANSWERED}

    async def handle(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer, unless the client goes away before that; its work is then finished unheard.

        Returns when the thread is free, also then: who counts requests counts threads at work.
        """
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        answering = asyncio.create_task(self._answer(scope, body, send))
        leaving = asyncio.create_task(self.listen_for_disconnect(receive))
        await asyncio.wait([answering, leaving], return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        if not answering.done():
            answering.cancel()
        with suppress(asyncio.CancelledError):
            await answering
        with suppress(asyncio.CancelledError, RequestAborted):
            await leaving

    async def _answer(self, scope: Mapping[str, Any], body: Any, send: Send) -> None:
        threads = self._own.get(scope["path"], self._threads)
        work = asyncio.get_running_loop().run_in_executor(threads, self._respond, scope, body)
        try:
            await self.send_response(await asyncio.shield(work), send)
        finally:
            response = await work  # nobody takes it from its thread, not even who went away
            if response.streaming:
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
    sent = {name: value.decode("latin-1") for name, value in scope["headers"]}
    body = worded(
        HTTPStatus.BAD_REQUEST,
        "bad_request",
        _("The request could not be understood."),
        path=scope["path"],
        languages=sent.get(b"accept-language", ""),
    )
    headers = headers_of(body, sent.get(b"origin", ""))
    said = {name.decode(): value.decode() for name, value in headers}
    return HttpResponse(body, status=HTTPStatus.BAD_REQUEST, headers=said)
