"""The one WebSocket endpoint."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from contextlib import suppress
from itertools import chain
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import Error
from django.utils import timezone

from core.limits import counting, scopes, valkey
from core.principal import Principal, Role
from realtime import groups, hub, places, reading
from realtime.hub import Message

SIGNED_OUT = 4401
NOT_ALLOWED = 4403
NOT_FOUND = 4404
TOO_SLOW = 4408
TOO_MUCH = 4429
PING_SECONDS = 25
UNSENT_MAX = 256  # wake-ups, and answers, that a client has not read yet


class EventConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels is untyped
    """Pushes events to one client. Refusals come after accepting, so that browsers see the code.

    The scope names the caller, or why it is refused; the group that hears when a session of the
    caller's ends; and a way to ask whether the caller is still signed in.
    """

    channel_layer_alias = None  # the hub hears for all

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.name = uuid4().hex
        self.account = ""  # whose place this socket holds
        self.joined: set[str] = set()
        self.sent: dict[str, int] = {}
        self.unsent: list[list[Message]] = []
        self.sending: asyncio.Task[None] | None = None
        self.tasks: set[asyncio.Task[Any]] = set()
        self.next_ping: asyncio.TimerHandle | None = None
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._end()

    async def connect(self) -> None:
        await self.accept()
        principal = self.scope.get("principal")
        if self.scope.get("foreign_origin"):
            await self.close(code=NOT_ALLOWED)
        elif not isinstance(principal, Principal):
            await self.close(code=SIGNED_OUT)
        elif not self._may_listen_as(principal):
            await self.close(code=NOT_ALLOWED)
        elif not await sync_to_async(places.take)(principal.account, self.name):
            await self.close(code=TOO_MUCH)
        else:
            self.account = principal.account
            await self._welcome(principal)

    async def receive(self, text_data: str | None = None, **kwargs: Any) -> None:
        """Clients may ping and resume; anything else is ignored, and everything is counted."""
        if not self.account:
            return
        if not await sync_to_async(_may_say_more)(self.account):
            await self.close(code=TOO_MUCH)
            return
        match _parsed(text_data):
            case {"type": "ping", **rest}:
                timestamp = rest.get("timestamp")
                plain = timestamp if isinstance(timestamp, int | str) else None
                self.take([hub.frame({"type": "pong", "timestamp": plain})])
            case {"type": "resume", "last_event_id": str(wire_id)}:
                await self._resume(wire_id)

    async def close(self, code: int) -> None:
        """Close, unless it is closed, or the client gone."""
        with suppress(RuntimeError, OSError):
            await super().close(code=code)

    def take(self, messages: list[Message]) -> None:
        """Send these when what came before is sent; who reads too slowly is closed."""
        if len(self.unsent) < UNSENT_MAX:
            self.unsent.append(messages)
            self.sending = self.sending or asyncio.create_task(self._send_unsent())
        elif self.sending:
            self.sending.cancel()
            self.sending = None
            self.sent.clear()  # the hub has nothing more for it
            self._begin(self.close(code=TOO_SLOW))

    def session_ended(self) -> None:
        """A session of the caller's has ended, perhaps this one."""
        self._begin(self._close_if_signed_out())

    def _begin(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _asked_type(self) -> str:
        query: str = self.scope["query_string"].decode("latin-1")
        in_path = self.scope["url_route"]["kwargs"].get("client_type")
        return in_path or parse_qs(query).get("client_type", [""])[0]

    def _may_listen_as(self, principal: Principal) -> bool:
        """A client listens as what its token says; an administrator may also listen as a user."""
        also = {Role.USER} if principal.role is Role.ADMIN else set()
        return self._asked_type() in {"", principal.role, *also}

    async def _welcome(self, principal: Principal) -> None:
        audiences = groups.of(principal, self._asked_type())
        self.joined = {*map(groups.layer_name, audiences), self.scope["session_group"]}
        here = hub.of_this_loop()
        await here.join(self.joined, self)
        # Asked again after joining: a session that ended in between would not be heard of.
        if not await self._close_if_signed_out():
            return
        # Read after joining: an event in between is woken for, or already counted here.
        self.joined_at = await database_sync_to_async(reading.newest)(audiences)
        now = timezone.now().isoformat()
        role = self._asked_type() or principal.role
        who = {"client_type": role, "client_id": principal.id, "timestamp": now}
        self.take([hub.frame({"event": "connected", **who})])
        self.sent = dict(self.joined_at)
        await here.catch_up(self)
        self._ping_later()

    async def _send_unsent(self) -> None:
        with suppress(RuntimeError, OSError):  # it is closed, or the client is gone
            while self.unsent:
                taken, self.unsent = self.unsent, []
                for message in chain.from_iterable(taken):
                    await self.base_send(message)
        self.sending = None

    async def _resume(self, wire_id: str) -> None:
        """Send what the client missed before it connected; later events reach it anyway."""
        if self.sending:  # who asks for more has read what it asked for before, or is gone
            await asyncio.wait({self.sending})
        with suppress(ValueError):
            audience, seq = reading.parse_id(wire_id)
            if 0 <= seq < self.joined_at.get(audience, 0):
                until = self.joined_at[audience]
                events = await database_sync_to_async(hub.written)(audience, seq, until)
                self.take(hub.frames(events))

    def _ping_later(self) -> None:
        self.next_ping = asyncio.get_running_loop().call_later(PING_SECONDS, self._ping)

    def _ping(self) -> None:
        self._begin(self._catch_up())
        self._ping_later()

    async def _catch_up(self) -> None:
        """See whether the caller is still signed in, and send what a lost wake-up held back."""
        with suppress(Error):  # a database that restarts is asked again at the next ping
            if not await self._close_if_signed_out():
                return
            await sync_to_async(places.hold)(self.account, self.name)
            newest = await database_sync_to_async(reading.newest)(self.sent)
            for audience, seq in newest.items():
                await hub.of_this_loop().tell(audience, seq)
            ids = [f"{audience}:{seq}" for audience, seq in newest.items()]
            self.take([hub.frame({"type": "ping", "data": {"newest": ids}})])

    async def _close_if_signed_out(self) -> bool:
        """Whether the caller is still signed in."""
        ask: Callable[[], bool] = self.scope["is_signed_in"]
        is_signed_in: bool = await database_sync_to_async(ask)()
        if not is_signed_in:
            await self.close(code=SIGNED_OUT)
        return is_signed_in

    async def _end(self) -> None:
        if self.next_ping:
            self.next_ping.cancel()
        for task in [*self.tasks, *filter(None, [self.sending])]:
            task.cancel()
        if self.joined:
            await hub.of_this_loop().leave(self.joined, self)
        if self.account:
            await sync_to_async(places.leave)(self.account, self.name)


class NowhereConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # as above
    """Any other address."""

    async def connect(self) -> None:
        await self.accept()
        await self.close(code=NOT_FOUND)


def _may_say_more(account: str) -> bool:
    """Counted for all sockets of the account together, so that a new one does not start afresh."""
    try:
        verdict = counting.spend(scopes.SOCKET_MESSAGES, account)
    except valkey.Unavailable:
        return True
    return verdict is None or verdict.is_granted


def _parsed(text: str | None) -> Any:
    with suppress(ValueError, RecursionError):
        return json.loads(text or "null")
