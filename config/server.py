"""daphne, mended: bodies are bounded, a stop loses no request, clients can't name the root path."""

import asyncio
import random
import time
from http import HTTPStatus
from typing import Any

from daphne.endpoints import build_endpoint_description_strings
from daphne.http_protocol import WebRequest
from daphne.server import Server
from daphne.ws_protocol import WebSocketProtocol
from django.utils.translation import gettext_noop as _
from twisted.internet import defer
from twisted.internet import reactor as running_reactor

from config.early_problems import headers_of, worded
from config.health import draining

reactor: Any = running_reactor  # Twisted's types know the module, not what it becomes
BODY_MAX_BYTES = 12 * 1024 * 1024
LINGER_SECONDS = 2  # how long a refused client may go on sending before the line is cut
DRAIN_MAX_SECONDS = 25
DRAIN_MIN_SECONDS = 0.3  # lets kept-alive connections ask once more and hear "close"
DRAIN_POLL_SECONDS = 0.05
SERVER_RESTARTING = 1012
SOCKETS_CLOSED_PER_SECOND = 500
PING_SECONDS = 25
PING_TIMEOUT_SECONDS = 30
GONE_MAX_SECONDS = 300  # how long the work for a client who went away may go on, and is counted
CLIENT_MESSAGE_MAX_BYTES = 64 * 1024  # clients of our sockets mostly listen


class BoundedRequest(WebRequest):  # type: ignore[misc]
    """A request whose body is refused as soon as it is, or says it will be, too large.

    Forms are left to Django: Twisted would take them apart in the loop that serves everybody.
    """

    _received = 0
    _is_refused = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, parsePOSTFormSubmission=False, **kwargs)

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        super().gotLength(length if length is not None and length <= BODY_MAX_BYTES else 0)
        if length is not None and length > BODY_MAX_BYTES:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        self._received += len(data)
        if self._received > BODY_MAX_BYTES:
            self._refuse()
        if not self._is_refused:
            super().handleContentChunk(data)

    def process(self) -> Any:
        if self._is_refused:
            return self.channel.transport.loseConnection()
        self.requestHeaders.removeHeader(b"Daphne-Root-Path")
        if self._received:  # sent in pieces, a body does not say its length, and is not looked for
            self.requestHeaders.setRawHeaders(b"Content-Length", [b"%d" % self._received])
        if draining.is_set():
            self.channel.persistent = False
            self.responseHeaders.setRawHeaders(b"Connection", [b"close"])
        return super().process()

    def _refuse(self) -> None:
        if self._is_refused:
            return
        self._is_refused = True
        self.channel.transport.write(self._refusal())
        reactor.callLater(LINGER_SECONDS, self.channel.transport.abortConnection)

    def _refusal(self) -> bytes:
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        body = worded(
            status,
            "body_too_large",
            _("The request is too large."),
            # Twisted gives the request its path only after the body.
            path=self.channel._path.split(b"?")[0].decode("latin-1"),
            languages=self.getHeader("accept-language") or "",
        )
        origin = self.getHeader("origin") or ""
        headers = [*headers_of(body, origin), (b"Connection", b"close")]
        lines = [b"HTTP/1.1 413 %s" % status.phrase.encode()]
        lines += [name + b": " + value for name, value in headers]
        return b"\r\n".join([*lines, b"", body])


class DrainingServer(Server):  # type: ignore[misc]
    """A server that, told to stop, takes nobody new and finishes what it began."""

    def run(self) -> None:
        self._ports: list[Any] = []
        draining.clear()
        reactor.callWhenRunning(self._bound_bodies)
        reactor.callWhenRunning(self._without_access_log)
        super().run()

    def _bound_bodies(self) -> None:
        build = self.http_factory.buildProtocol

        def build_bounded(address: Any) -> Any:
            protocol = build(address)
            protocol.requestFactory = BoundedRequest
            return protocol

        self.http_factory.buildProtocol = build_bounded

    def _without_access_log(self) -> None:
        """Twisted writes a line for each answer, to where nobody reads it."""
        self.http_factory.log = lambda _request: None

    def listen_success(self, port: Any) -> None:
        super().listen_success(port)
        self._ports.append(port)

    def kill_all_applications(self) -> Any:
        """Wait for the requests in flight; Twisted calls this before it stops."""
        draining.set()
        for port in self._ports:
            port.doRead()  # those who have already knocked are let in
            port.stopListening()
        self._close_sockets()
        finished: Any = defer.Deferred()
        self._finish_when_idle(finished, time.monotonic())
        return finished

    def _close_sockets(self) -> None:
        sockets = [each for each in self.connections if isinstance(each, WebSocketProtocol)]
        for socket in sockets:
            # Spread, so that thousands of clients don't all come back at once.
            delay = random.uniform(0, len(sockets) / SOCKETS_CLOSED_PER_SECOND)  # noqa: S311
            reactor.callLater(delay, socket.sendCloseFrame, SERVER_RESTARTING)

    def _finish_when_idle(self, finished: Any, began: float) -> None:
        passed = time.monotonic() - began
        if passed > DRAIN_MAX_SECONDS or (passed > DRAIN_MIN_SECONDS and not self._in_flight()):
            cancelled = asyncio.ensure_future(self._cancel_applications())
            defer.Deferred.fromFuture(cancelled).chainDeferred(finished)
        else:
            reactor.callLater(DRAIN_POLL_SECONDS, self._finish_when_idle, finished, began)

    def _in_flight(self) -> bool:
        return any("disconnected" not in details for details in self.connections.values())

    async def _cancel_applications(self) -> None:
        running = [each.get("application_instance") for each in self.connections.values()]
        applications = [application for application in running if application]
        for application in applications:
            application.cancel()
        await asyncio.gather(*applications, return_exceptions=True)


def serve(application: Any, *, host: str, port: int) -> bool:
    """Serve until SIGTERM or Ctrl-C; False when the port could not be had."""
    server = DrainingServer(
        application=application,
        endpoints=build_endpoint_description_strings(host=host, port=port),
        ping_interval=PING_SECONDS,
        ping_timeout=PING_TIMEOUT_SECONDS,
        application_close_timeout=GONE_MAX_SECONDS,
        websocket_max_message_size=CLIENT_MESSAGE_MAX_BYTES,
        websocket_max_frame_size=CLIENT_MESSAGE_MAX_BYTES,
        server_name="leema",
    )
    server.run()
    return bool(server.listening_addresses)
