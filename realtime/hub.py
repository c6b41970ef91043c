"""What one process hears from the channel layer, once, and hands to all its sockets.

The events of a wake-up are read and written as JSON once, however many listen. Each listener takes
the texts into an outbox of its own, so that nobody waits for a slow reader.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import orjson
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings

from core import lost_connections
from realtime import groups, reading

Message = dict[str, str]  # of ASGI
Numbered = tuple[int, list[Message]]  # an event, and its frames
logger = logging.getLogger(__name__)


class Listener(Protocol):
    """`sent` is the newest number of each audience that it has taken; empty until it knows."""

    sent: dict[str, int]

    def take(self, messages: list[Message]) -> None: ...

    def session_ended(self) -> None: ...


class Hub:
    """The listeners of one event loop, by groups of the channel layer."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = {}
        self._told: dict[str, int] = {}  # the newest event that each group has taken
        self._joining, self._telling = asyncio.Lock(), asyncio.Lock()
        self._hearing: asyncio.Task[None] | None = None
        self._channel = ""

    async def join(self, names: set[str], listener: Listener) -> None:
        async with self._joining:
            layer: Any = get_channel_layer()
            if self._hearing is None:
                self._channel = await layer.new_channel()
                self._hearing = asyncio.create_task(self._hear(layer))
            for name in names - self._listeners.keys():
                await layer.group_add(name, self._channel)
            for name in names:
                self._listeners.setdefault(name, set()).add(listener)

    async def leave(self, names: set[str], listener: Listener) -> None:
        async with self._joining:
            layer: Any = get_channel_layer()
            for name in names & self._listeners.keys():
                self._listeners[name].discard(listener)
            # Only then the layer is asked: it may be away, and nobody stays who has gone.
            for name in [name for name in names if self._listeners.get(name) == set()]:
                del self._listeners[name]
                self._told.pop(name, None)
                await layer.group_discard(name, self._channel)
            if self._hearing and not self._listeners:
                self._hearing.cancel()
                self._hearing = None

    async def catch_up(self, listener: Listener) -> None:
        """Give it what its audiences were told while it did not know its place yet."""
        for audience in list(listener.sent):
            async with self._telling:
                until = self._told.get(groups.layer_name(audience), 0)
                await _bring([listener], audience, until)

    async def tell(self, audience: str, until: int) -> None:
        """Give every listener of the audience what it has not taken yet, up to this event."""
        name = groups.layer_name(audience)
        async with self._telling:
            if name in self._listeners and until > self._told.get(name, 0):
                await _bring(self._listeners[name], audience, until)
                self._told[name] = until

    async def _hear(self, layer: Any) -> None:
        while True:
            message = await layer.receive(self._channel)
            try:
                await self._heard(message)
            except Exception:
                logger.exception("Nobody is told of %s before the next ping", message)
                await sync_to_async(lost_connections.drop)()

    async def _heard(self, message: dict[str, Any]) -> None:
        group = message["group"]
        if group not in self._listeners:
            return
        if message["type"] == "session_ended":
            for listener in list(self._listeners[group]):
                listener.session_ended()
        else:
            await self.tell(message["audience"], message["seq"])


def of_this_loop() -> Hub:
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())


def frame(said: dict[str, Any]) -> Message:
    return {"type": "websocket.send", "text": orjson.dumps(said).decode()}


def written(audience: str, after: int, until: int) -> list[Numbered]:
    """The frames of the events after+1 to until, or the one that says they are out of reach."""
    try:
        events = reading.between(audience, after, until)
    except reading.ResyncRequired:
        return [(until, [frame({"type": "resync_required", "data": {"audience": audience}})])]
    compatible = settings.REALTIME_COMPAT_FRAMES
    return [
        (each.seq or 0, list(map(frame, each.frames(compatible=compatible)))) for each in events
    ]


def frames(events: Iterable[Numbered], after: int = 0) -> list[Message]:
    return [frame for seq, each in events if seq > after for frame in each]


async def _bring(listeners: Iterable[Listener], audience: str, until: int) -> None:
    behind = [each for each in listeners if each.sent.get(audience, until) < until]
    if not behind:
        return
    after = min(each.sent[audience] for each in behind)
    events = await database_sync_to_async(written)(audience, after, until)
    by_place: dict[int, list[Message]] = {}  # most have the same, and share it
    for listener in behind:
        if (place := listener.sent.get(audience)) is not None:
            by_place.setdefault(place, frames(events, place))
            listener.sent[audience] = until
            listener.take(by_place[place])


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()
