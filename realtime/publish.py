"""Publishing: the only way an event reaches a client."""

import json
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import connection, transaction
from rest_framework.utils.encoders import JSONEncoder

from realtime import groups
from realtime.models import Event

Older = tuple[str, Mapping[str, Any]]


@transaction.atomic
def publish(
    audiences: Iterable[str], event: str, data: Mapping[str, Any], *, older: Older | None = None
) -> None:
    """Tell the audiences, once the change that caused it is committed.

    The event is a row of the caller's transaction, so it is told exactly if the change happened.
    `older` is the same happening in the older clients' vocabulary. Audiences are locked in
    alphabetical order, the broad ones last, so that two publishers never wait for each other.
    """
    plain = _as_json(data)
    worded = {"event": older[0], "data": _as_json(older[1])} if older else None
    for audience in sorted(audiences, key=_breadth):
        row = Event.objects.create(
            audience=audience, seq=_next_seq(audience), type=event, data=plain, older=worded
        )
        transaction.on_commit(partial(_wake, row), robust=True)


def end_session(session_id: str) -> None:
    """Close the sockets of a session once its end is committed."""
    group = groups.session_layer_name(session_id)
    transaction.on_commit(partial(_send, group, {"type": "session_ended"}), robust=True)


def _breadth(audience: str) -> tuple[bool, str]:
    return audience in {groups.ADMINS, groups.USERS}, audience


def _as_json(data: Mapping[str, Any]) -> Any:
    return json.loads(json.dumps(data, cls=JSONEncoder))


def _next_seq(audience: str) -> int:
    # The row stays locked until the commit, so numbers become visible in order: a reader that
    # has seen 57 can never miss 56. A plain sequence lost 158 of 400 events in a race.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO event_counters AS c (audience, seq) VALUES (%s, 1)"
            " ON CONFLICT (audience) DO UPDATE SET seq = c.seq + 1 RETURNING seq",
            [audience],
        )
        [seq] = cursor.fetchone()
    return int(seq)


def _wake(row: Event) -> None:
    message = {"type": "event", "audience": row.audience, "seq": row.seq, "pk": row.pk}
    _send(groups.layer_name(row.audience), message)


def _send(group: str, message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    assert layer is not None
    async_to_sync(layer.group_send)(group, message)
