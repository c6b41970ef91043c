"""How many sockets one account may hold open, in all processes together.

A place is a member of a sorted set on Valkey, scored by when it lapses: a process that was killed
gives its places back by saying nothing.
"""

import time
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from redis.client import Pipeline

from core.limits import valkey

HELD_SECONDS = 75  # three pings


def take(account: str, socket: str) -> bool:
    """Give the socket a place; False when all are taken. Without Valkey everybody gets one."""
    key, now = _key(account), time.time()

    def queue(pipe: Pipeline) -> None:
        pipe.zremrangebyscore(key, "-inf", now)
        pipe.zadd(key, {socket: now + HELD_SECONDS})
        pipe.expire(key, HELD_SECONDS)
        pipe.zcard(key)

    try:
        taken = valkey.shared().run(queue, at_once=True)[-1]
    except valkey.Unavailable:
        return True
    if taken <= settings.LIMIT_SOCKETS:
        return True
    leave(account, socket)
    return False


def hold(account: str, socket: str) -> None:
    """Keep the place for HELD_SECONDS more; taken anew where Valkey has forgotten it."""
    key, until = _key(account), time.time() + HELD_SECONDS

    def queue(pipe: Pipeline) -> None:
        pipe.zadd(key, {socket: until})
        pipe.expire(key, HELD_SECONDS)

    _tell(queue)


def leave(account: str, socket: str) -> None:
    _tell(lambda pipe: pipe.zrem(_key(account), socket))


def _tell(queue: Callable[[Pipeline], object]) -> None:
    with suppress(valkey.Unavailable):
        valkey.shared().run(queue)


def _key(account: str) -> str:
    return f"{settings.LIMITS_KEY_PREFIX}:sockets:{account}"
