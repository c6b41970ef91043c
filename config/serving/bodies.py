"""Gives the application requests whose body is here, whole and not too large."""

import asyncio
from contextlib import suppress
from http import HTTPStatus
from tempfile import SpooledTemporaryFile

from django.core.exceptions import RequestAborted
from django.utils.translation import gettext_noop as _

from config.concurrency import Application, Message, Receive, Send
from config.early_problems import refusal

Body = SpooledTemporaryFile[bytes]

BODY_MAX_BYTES = 12 * 1024 * 1024
IN_MEMORY_MAX_BYTES = 128 * 1024
PIECE_BYTES = 256 * 1024
LINGER_SECONDS = 2  # how long a refused client may go on sending before the line is cut


class WholeBodies:
    """ASGI middleware: who sends slowly holds a connection and nothing else.

    The application hears the length of every body, also of those sent in pieces. A body is
    refused as soon as it is, or says it will be, larger than BODY_MAX_BYTES.
    """

    def __init__(self, inner: Application) -> None:
        self._inner = inner

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"]) if scope["type"] == "http" else {}
        if b"content-length" not in headers and b"transfer-encoding" not in headers:
            await self._inner(scope, receive, send)
            return
        with Body(IN_MEMORY_MAX_BYTES) as body:
            try:
                fits = int(headers.get(b"content-length", 0)) <= BODY_MAX_BYTES
                fits = fits and await _is_read(body, receive)
            except RequestAborted:
                return
            if fits:
                await self._inner(_measured(scope, body), _replay(body, receive), send)
            else:
                await _refuse(scope, receive, send)


async def _is_read(body: Body, receive: Receive) -> bool:
    """Read the whole body, or give up when it is too large."""
    more = True
    while more and body.tell() <= BODY_MAX_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RequestAborted
        body.write(message["body"])
        more = message["more_body"]
    return body.tell() <= BODY_MAX_BYTES


def _measured(scope: Message, body: Body) -> Message:
    others = [header for header in scope["headers"] if header[0] != b"content-length"]
    return {**scope, "headers": [*others, (b"content-length", b"%d" % body.tell())]}


def _replay(body: Body, receive: Receive) -> Receive:
    """What gives the body that was read, and then what comes after it."""
    length, is_given = body.tell(), False
    body.seek(0)

    async def replay() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        piece = body.read(PIECE_BYTES)
        is_given = body.tell() == length
        return {"type": "http.request", "body": piece, "more_body": not is_given}

    return replay


async def _refuse(scope: Message, receive: Receive, send: Send) -> None:
    headers, body = refusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "body_too_large",
        _("The request is too large."),
        path=scope["path"],
        sent=scope["headers"],
    )
    headers.append((b"Connection", b"close"))
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE.value
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": True})
    # Whoever is cut off while sending would not read the answer.
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while (await receive()).get("more_body"):
                pass
    await send({"type": "http.response.body"})
