"""The one WebSocket endpoint."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from core.limits import counting, scopes, valkey
from core.principal import Principal, Role
from realtime import groups, places, reading

SIGNED_OUT = 4401
NOT_ALLOWED = 4403
NOT_FOUND = 4404
TOO_MUCH = 4429
PING_SECONDS = 25


class EventConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # Channels is untyped
    """Pushes events to one client. Refusals come after accepting, so that browsers see the code.

    The scope names the caller, or why it is refused; the group that hears when a session of the
    caller's ends; and a way to ask whether the caller is still signed in.
    """

    async def connect(self) -> None:
        self.pinging: asyncio.Task | None = None
        self.groups: list[str] = []  # Channels leaves them on disconnect.
        self.sent: dict[str, int] = {}  # the newest number that each audience was sent
        self.sending = asyncio.Lock()
        self.account = ""  # whose place this socket holds
        await self.accept()
        principal = self.scope.get("principal")
        if self.scope.get("foreign_origin"):
            await self.close(code=NOT_ALLOWED)
        elif not isinstance(principal, Principal):
            await self.close(code=SIGNED_OUT)
        elif not self._may_listen_as(principal):
            await self.close(code=NOT_ALLOWED)
        elif not await sync_to_async(places.take)(principal.account, self.channel_name):
            await self.close(code=TOO_MUCH)
        else:
            self.account = principal.account
            await self._welcome(principal)

    async def disconnect(self, code: int) -> None:
        if self.pinging:
            self.pinging.cancel()
        if self.account:
            await sync_to_async(places.leave)(self.account, self.channel_name)

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
                await self.send_json({"type": "pong", "timestamp": plain})
            case {"type": "resume", "last_event_id": str(wire_id)}:
                await self._resume(wire_id)

    async def event(self, message: dict[str, Any]) -> None:
        """A wake-up of the channel layer: send every event after the last one sent."""
        await self._send_until(message["audience"], message["seq"])

    async def session_ended(self, message: dict[str, Any]) -> None:
        """A session of the caller's has ended, perhaps this one."""
        if not await self._is_signed_in():
            await self.close(code=SIGNED_OUT)

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
        self.groups = [groups.layer_name(audience) for audience in audiences]
        self.groups.append(self.scope["session_group"])
        for group in self.groups:
            await self.channel_layer.group_add(group, self.channel_name)
        # Asked again after joining: a session that ended in between would not be heard of.
        if not await self._is_signed_in():
            await self.close(code=SIGNED_OUT)
            return
        # Read after joining: an event in between is woken for, or already counted here.
        self.sent = await sync_to_async(reading.newest)(audiences)
        self.joined_at = dict(self.sent)
        now = timezone.now().isoformat()
        role = self._asked_type() or principal.role
        who = {"client_type": role, "client_id": principal.id, "timestamp": now}
        await self.send_json({"event": "connected", **who})
        self.pinging = asyncio.create_task(self._ping())

    async def _resume(self, wire_id: str) -> None:
        """Send what the client missed before it connected; later events reach it anyway."""
        with suppress(ValueError):
            audience, seq = reading.parse_id(wire_id)
            if 0 <= seq < self.joined_at.get(audience, 0):
                await self._send_between(audience, seq, self.joined_at[audience])

    async def _send_until(self, audience: str, seq: int) -> None:
        async with self.sending:
            after = self.sent.get(audience, seq)
            if seq > after:
                await self._send_between(audience, after, seq)
                self.sent[audience] = seq

    async def _send_between(self, audience: str, after: int, until: int) -> None:
        try:
            events = await sync_to_async(reading.between)(audience, after, until)
        except reading.ResyncRequired:
            await self.send_json({"type": "resync_required", "data": {"audience": audience}})
            return
        for event in events:
            for frame in event.frames(compatible=settings.REALTIME_COMPAT_FRAMES):
                await self.send_json(frame)

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(PING_SECONDS)
            with suppress(DatabaseError):  # a database that restarts is asked again next time
                await self._catch_up()

    async def _catch_up(self) -> None:
        """See whether the caller is still signed in, and send what a lost wake-up held back."""
        if not await self._is_signed_in():
            await self.close(code=SIGNED_OUT)
            return
        await sync_to_async(places.hold)(self.account, self.channel_name)
        newest = await sync_to_async(reading.newest)(self.sent)
        for audience, seq in newest.items():
            await self._send_until(audience, seq)
        ids = [f"{audience}:{seq}" for audience, seq in newest.items()]
        await self.send_json({"type": "ping", "data": {"newest": ids}})

    async def _is_signed_in(self) -> bool:
        ask: Callable[[], bool] = self.scope["is_signed_in"]
        return await sync_to_async(ask)()


class NowhereConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # as above
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
