"""uvicorn, mended: a stop loses no request and is no failure."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn
from uvicorn.server import HANDLED_SIGNALS

from config.health import draining
from config.serving.bodies import WholeBodies
from config.serving.protocols import BoundedHTTP, BoundedSocket

BACKLOG = 2048
UNREAD_MAX_SECONDS = 60  # how long what we send may lie unread before the line is cut
KEPT_ALIVE_SECONDS = 75  # longer than a proxy keeps them, so that it is the proxy who closes
DRAIN_MAX_SECONDS = 25
DRAIN_MIN_SECONDS = 0.3  # lets kept-alive connections ask once more and hear "close"
DRAIN_POLL_SECONDS = 0.05
CANCELLED_MAX_SECONDS = 1
SOCKETS_CLOSED_PER_SECOND = 500
PING_SECONDS = 25
PING_TIMEOUT_SECONDS = 30
CLIENT_MESSAGE_MAX_BYTES = 64 * 1024  # clients of our sockets mostly listen


def serve(application: Any, *, host: str, port: int) -> bool:
    """Serve until SIGTERM or Ctrl-C; False when the port could not be had."""
    try:
        listener = _listener(host, port)
    except OSError:
        return False
    draining.clear()
    DrainingServer(_config(application)).run(sockets=[listener])
    return True


class DrainingServer(uvicorn.Server):
    """A server that, told to stop, takes nobody new and finishes what it began."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Until the process ends, so that a second signal changes nothing."""
        for each in HANDLED_SIGNALS:
            signal.signal(each, self.handle_exit)
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        draining.set()
        await self._close(sockets or [])
        try:
            async with asyncio.timeout(DRAIN_MAX_SECONDS):
                await self._finish()
        except TimeoutError:
            await self._give_up()

    async def _close(self, listeners: list[socket.socket]) -> None:
        """Let those in who have already knocked, and nobody else."""
        knocked = [guest for listener in listeners for guest in _knocked(listener)]
        for server in self.servers:
            server.close()
        for listener in listeners:
            listener.close()
        for guest in knocked:
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, guest)

    def _protocol(self) -> asyncio.Protocol:
        return BoundedHTTP(self.config, self.server_state, app_state={})

    async def _finish(self) -> None:
        state = self.server_state
        for connection in list(state.connections):
            if isinstance(connection, BoundedSocket) and connection in state.connections:
                connection.shutdown()
                # Spread, so that thousands of clients don't all come back at once.
                await asyncio.sleep(1 / SOCKETS_CLOSED_PER_SECOND)
        await asyncio.sleep(DRAIN_MIN_SECONDS)
        for connection in list(state.connections):
            connection.shutdown()
        while state.connections or state.tasks:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(DRAIN_POLL_SECONDS)

    async def _give_up(self) -> None:
        """End at once: Python would wait for the threads of what is cancelled here."""
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=CANCELLED_MAX_SECONDS)
        logging.shutdown()
        os._exit(0)


def _config(application: Any) -> uvicorn.Config:
    return uvicorn.Config(
        WholeBodies(application),
        http=BoundedHTTP,
        ws=BoundedSocket,
        interface="asgi3",
        lifespan="off",
        backlog=BACKLOG,
        timeout_keep_alive=KEPT_ALIVE_SECONDS,
        ws_max_size=CLIENT_MESSAGE_MAX_BYTES,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_TIMEOUT_SECONDS,
        ws_per_message_deflate=False,
        proxy_headers=False,  # core.client_address judges what proxies say
        headers=[("server", "leema")],
        log_config=None,
        log_level="error",
        access_log=False,
    )


def _listener(host: str, port: int) -> socket.socket:
    is_ipv6 = ":" in host
    listener = socket.create_server(
        (host, port),
        family=socket.AF_INET6 if is_ipv6 else socket.AF_INET,
        backlog=BACKLOG,
        dualstack_ipv6=is_ipv6 and socket.has_dualstack_ipv6(),
    )
    listener.settimeout(0)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; connections inherit it
        unread_max = UNREAD_MAX_SECONDS * 1000
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, unread_max)
    return listener


def _knocked(listener: socket.socket) -> Iterator[socket.socket]:
    with contextlib.suppress(OSError):  # there is nobody else
        while True:
            guest = listener.accept()[0]
            guest.settimeout(0)
            yield guest
