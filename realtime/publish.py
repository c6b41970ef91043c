"""Publishing: the only way an event reaches a client.

Events are rows of the business transaction. A deferred trigger numbers them per audience when that
transaction commits (migration 0002): the counter is locked until the commit is done, so a reader
that has seen 57 can never miss 56, and it is locked last and in one order, so publishers never
deadlock, whatever else they hold. A plain sequence lost 158 of 400 events in a race.
"""

import asyncio
import json
import logging
import os
import threading
from collections.abc import Iterable, Mapping
from functools import cache, partial
from typing import Any

from channels.layers import get_channel_layer
from django.db import transaction
from redis.exceptions import RedisError
from rest_framework.utils.encoders import JSONEncoder

from realtime import groups
from realtime.models import Event

WAKE_SECONDS = 1
Older = tuple[str, Mapping[str, Any]]
logger = logging.getLogger(__name__)


def publish(
    audiences: Iterable[str], event: str, data: Mapping[str, Any], *, older: Older | None = None
) -> None:
    """Tell the audiences, once the change that caused it is committed, and only then.

    `older` is the same happening in the older clients' vocabulary.
    """
    plain = _as_json(data)
    worded = {"event": older[0], "data": _as_json(older[1])} if older else None
    for audience in audiences:
        row = Event.objects.create(audience=audience, type=event, data=plain, older=worded)
        transaction.on_commit(partial(_wake, row), robust=True)


def end_session(group: str) -> None:
    """Close the sockets of this group that are signed out, once that is committed."""
    transaction.on_commit(partial(_send, group, {"type": "session_ended"}), robust=True)


def _as_json(data: Mapping[str, Any]) -> Any:
    return json.loads(json.dumps(data, cls=JSONEncoder))


def _wake(row: Event) -> None:
    row.refresh_from_db(fields=["seq"])
    message = {"type": "event", "audience": row.audience, "seq": row.seq}
    _send(groups.layer_name(row.audience), message)


def _send(group: str, message: dict[str, Any]) -> None:
    """Wake the listeners, or give up soon: they look for themselves at every ping."""
    layer = get_channel_layer()
    assert layer is not None

    async def send() -> None:
        async with asyncio.timeout(WAKE_SECONDS):
            await layer.group_send(group, {**message, "group": group})

    try:
        asyncio.run_coroutine_threadsafe(send(), _loop()).result()
    except (TimeoutError, RedisError):
        logger.warning("The channel layer did not take a message for %s", group)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """A loop of this process that stays, and with it the connection to Valkey.

    One for each message took 6 ms of CPU, more than all that the message is about.
    """
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="waking", daemon=True).start()
    return loop


os.register_at_fork(after_in_child=_loop.cache_clear)  # a child has the loop, and no thread
