"""The one WebSocket endpoint."""

import asyncio
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.utils import timezone

from core.principal import Principal, Role
from realtime import groups, reading

SIGNED_OUT = 4401
WRONG_CLIENT_TYPE = 4403
PING_SECONDS = 25


class EventConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # Channels is untyped
    """Pushes events to one client. Refusals come after accepting, so that browsers see the code."""

    async def connect(self) -> None:
        self.pinging: asyncio.Task | None = None
        self.groups: list[str] = []  # Channels leaves them on disconnect.
        await self.accept()
        principal = self.scope.get("principal")
        if not isinstance(principal, Principal):
            await self.close(code=SIGNED_OUT)
        elif not self._may_listen_as(principal):
            await self.close(code=WRONG_CLIENT_TYPE)
        else:
            await self._welcome(principal)

    async def disconnect(self, code: int) -> None:
        if self.pinging:
            self.pinging.cancel()

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        match content:
            case {"type": "ping"}:
                await self.send_json({"type": "pong", "timestamp": content.get("timestamp")})
            case {"type": "resume", "last_event_id": str(wire_id)}:
                await self._resume(wire_id)

    @classmethod
    async def decode_json(cls, text_data: str) -> Any:
        with suppress(ValueError):
            return await super().decode_json(text_data)

    async def event(self, message: dict[str, Any]) -> None:
        """A wake-up of the channel layer: send every event after the last one sent."""
        audience, seq = message["audience"], message["seq"]
        after = self.sent.get(audience, seq)
        if seq > after:
            self.sent[audience] = seq
            await self._send_between(audience, after, seq)

    async def session_ended(self, message: dict[str, Any]) -> None:
        await self.close(code=SIGNED_OUT)

    def _may_listen_as(self, principal: Principal) -> bool:
        """A client listens as what its token says; an administrator may also listen as a user."""
        asked = self.scope["url_route"]["kwargs"].get("client_type") or self._query("client_type")
        also = {Role.USER} if principal.role is Role.ADMIN else set()
        return not asked or asked in {principal.role, *also}

    def _query(self, name: str) -> str:
        query: str = self.scope["query_string"].decode("latin-1")
        return parse_qs(query).get(name, [""])[0]

    async def _welcome(self, principal: Principal) -> None:
        audiences = groups.of(principal)
        self.groups = [groups.layer_name(audience) for audience in audiences]
        if principal.session_id:
            self.groups.append(groups.session_layer_name(principal.session_id))
        for group in self.groups:
            await self.channel_layer.group_add(group, self.channel_name)
        # Read after joining: an event in between is woken for, or already counted here.
        self.sent = await sync_to_async(reading.newest)(audiences)
        self.joined_at = dict(self.sent)
        now = timezone.now().isoformat()
        who = {"client_type": principal.role, "client_id": principal.id, "timestamp": now}
        await self.send_json({"event": "connected", **who})
        self.pinging = asyncio.create_task(self._ping())

    async def _resume(self, wire_id: str) -> None:
        """Send what the client missed before it connected; later events reach it anyway."""
        with suppress(ValueError):
            audience, seq = reading.parse_id(wire_id)
            if seq < self.joined_at.get(audience, 0):
                await self._send_between(audience, seq, self.joined_at[audience])

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
            newest = [f"{audience}:{seq}" for audience, seq in self.sent.items()]
            await self.send_json({"type": "ping", "data": {"newest": newest}})
