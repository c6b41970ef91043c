"""uvicorn's protocols, mended: no client holds memory or a connection for nothing."""

import asyncio
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext_noop as _
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

from config.early_problems import refusal
from config.health import draining
from config.serving.bodies import LINGER_SECONDS

HEAD_MAX_BYTES = 64 * 1024
SILENT_MAX_SECONDS = 60
PIPELINED_MAX = 16  # requests sent ahead of the answer; hardly anybody sends one
FRAGMENTS_MAX = 64

Refusal = tuple[HTTPStatus, str, str]
UNREADABLE: Refusal = (
    HTTPStatus.BAD_REQUEST,
    "bad_request",
    _("The request could not be understood."),
)
HEAD_TOO_LARGE: Refusal = (
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "headers_too_large",
    _("The address and the headers are too large."),
)


class BoundedHTTP(HttpToolsProtocol):
    """HTTP for whoever has something to say.

    A head of more than HEAD_MAX_BYTES is refused, and so is everything else that is no body:
    the parser keeps what is not whole yet. A client who lets us wait for SILENT_MAX_SECONDS is
    cut off. While the server stops, every answer ends its connection.
    """

    _unparsed = 0  # bytes since the last head, piece of a body or end of one
    _heard_at = 0.0
    _refusal = UNREADABLE

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._heard_at = self.loop.time()
        self._watch = self.loop.call_later(SILENT_MAX_SECONDS, self._cut_off_if_silent)

    def connection_lost(self, exc: Exception | None) -> None:
        self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._heard_at = self.loop.time()
        self._unparsed += len(data)
        super().data_received(data)
        if self._unparsed > HEAD_MAX_BYTES and not self.transport.is_closing():
            self._refusal = HEAD_TOO_LARGE
            self.send_400_response("")

    def on_headers_complete(self) -> None:
        self._unparsed = 0
        if self._head_bytes() > HEAD_MAX_BYTES:
            self._refusal = HEAD_TOO_LARGE
            raise ValueError
        if len(self.pipeline) >= PIPELINED_MAX:
            raise ValueError
        # The parser reads nothing after a head that asks for another protocol.
        is_the_last = self.parser.should_upgrade() and not self._should_upgrade()
        if is_the_last and self._has_body():
            raise ValueError
        # Trailers, which come after the body, are no headers.
        self.scope["headers"] = list(self.headers)
        super().on_headers_complete()
        if (draining.is_set() or is_the_last) and self.cycle:
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        self._unparsed = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._unparsed = 0
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        if self._is_answering():
            self.send_400_response("")
            return
        self._watch.cancel()
        super().handle_websocket_upgrade()
        socket: Any = self.transport.get_protocol()
        if not socket.handshake_initiated:  # websockets reads less than we do, and says nothing
            self.send_400_response("")

    def send_400_response(self, msg: str) -> None:
        """Refuse what can't be read as HTTP; into an answer that has begun, nothing is written.

        What came whole before it is answered first, and that ends the connection.
        """
        if self._is_answering() and not self.cycle.more_body:
            self.cycle.keep_alive = False
            self.flow.pause_reading()
            return
        if not (self._is_answering() and self.cycle.response_started):
            self.transport.write(self._worded_refusal())
        self.transport.close()

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _worded_refusal(self) -> bytes:
        status, code, detail = self._refusal
        headers, body = refusal(status, code, detail, path="", sent=self.headers or [])
        lines = [b"HTTP/1.1 %d %s" % (status, status.phrase.encode())]
        for name, value in [*self.server_state.default_headers, *headers]:
            lines.append(name + b": " + value)
        return b"\r\n".join([*lines, b"Connection: close", b"", body])

    def _has_body(self) -> bool:
        said = dict(self.headers)
        return b"transfer-encoding" in said or said.get(b"content-length", b"0") != b"0"

    def _head_bytes(self) -> int:
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers)

    def _cut_off_if_silent(self) -> None:
        rest = self._heard_at + SILENT_MAX_SECONDS - self.loop.time()
        if rest <= 0 and self._is_awaited():
            self.transport.abort()
        else:
            wait = rest if rest > 0 else SILENT_MAX_SECONDS
            self._watch = self.loop.call_later(wait, self._cut_off_if_silent)

    def _is_awaited(self) -> bool:
        """Whether it is the client's turn; between two requests uvicorn itself counts the time."""
        if not self._is_answering():
            return self.timeout_keep_alive_task is None
        return self.cycle.more_body and not self.flow.read_paused


class BoundedSocket(WebSocketsSansIOProtocol):
    """A WebSocket whose client can't make us keep what it does not read, or does not end."""

    def handle_ping(self) -> None:
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()  # the pong, for one who reads nothing

    def handle_cont(self, event: Frame) -> None:
        super().handle_cont(event)
        if len(self.frames) > FRAGMENTS_MAX:
            self.conn.fail(CloseCode.MESSAGE_TOO_BIG)
            self.handle_parser_exception()

    def handle_parser_exception(self) -> None:
        """As uvicorn's, but who is cut off while sending would not hear why."""
        if self.close_sent or self.conn.close_sent is None:
            return
        code = self.conn.close_sent.code
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.close_timer = self.loop.call_later(LINGER_SECONDS, self.transport.close)
