"""Valkey, asked quickly or not at all."""

import logging
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from redis import BlockingConnectionPool, Redis
from redis.backoff import NoBackoff
from redis.client import Pipeline
from redis.exceptions import ConnectionError as LostConnection
from redis.exceptions import RedisError
from redis.retry import Retry

ANSWER_SECONDS = 2  # a busy machine is not an outage; for the connection, and for the answer
CONNECTIONS_MAX = 50  # more than ConcurrencyLimit lets work at once; others wait their turn
REST_SECONDS = 5
logger = logging.getLogger(__name__)


class Unavailable(Exception):
    """Valkey is down, hangs or refuses; it is asked again REST_SECONDS later."""


class Valkey:
    """One server, and whether it answered lately.

    After a failure nobody waits for it: for REST_SECONDS everybody is told at once, then one
    caller tries while the others are still told.
    """

    def __init__(self, url: str) -> None:
        # One repetition, because a restarted server leaves dead connections in the pool.
        once_more = Retry(NoBackoff(), 1, (LostConnection,))
        self._client = Redis(
            connection_pool=BlockingConnectionPool.from_url(
                url,
                max_connections=CONNECTIONS_MAX,
                timeout=ANSWER_SECONDS,
                socket_timeout=ANSWER_SECONDS,
                socket_connect_timeout=ANSWER_SECONDS,
                retry=once_more,
            )
        )
        self._rests_until: float | None = None  # None: it answers

    def run(self, queue: Callable[[Pipeline], object], *, at_once: bool = False) -> list[Any]:
        """Send the commands that `queue` puts into the pipeline, in one round trip.

        `at_once`: nobody else's command comes between them. Raises Unavailable.
        """
        self._raise_while_it_rests()
        try:
            with self._client.pipeline(transaction=at_once) as pipeline:
                queue(pipeline)
                answers: list[Any] = pipeline.execute()
        except RedisError as error:
            self._failed(error)
            raise Unavailable from error
        self._rests_until = None
        return answers

    def _raise_while_it_rests(self) -> None:
        if self._rests_until is None:
            return
        now = time.monotonic()
        if now < self._rests_until:
            raise Unavailable
        self._rests_until = now + REST_SECONDS  # the others rest until this caller knows more

    def _failed(self, error: RedisError) -> None:
        if self._rests_until is None:
            logger.warning("Valkey does not answer, limits are not counted: %s", error)
        self._rests_until = time.monotonic() + REST_SECONDS


def shared() -> Valkey:
    """The server that REDIS_URL names, the same object for everybody in this process."""
    return _at(settings.REDIS_URL)


@cache
def _at(url: str) -> Valkey:
    return Valkey(url)
