"""How many pictures may be in the making with an engine at once, on all machines together.

A place is an advisory lock of the database's session: it is free again when the work is done, and
when the process that did it dies.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from zlib import crc32

from django.conf import settings
from django.db import connection

from generations.engines.base import GenerationError

BOUND = 2**31  # PostgreSQL takes two signed numbers of 32 bits


@contextmanager
def held(engine: str) -> Iterator[None]:
    """One of the engine's `ENGINE_PLACES`; `provider_busy` when all are taken."""
    limit = settings.ENGINE_PLACES.get(engine)
    if limit is None:
        yield
        return
    place = next(filter(lambda number: _take(engine, number), range(limit)), None)
    if place is None:
        raise GenerationError("provider_busy", retryable=True, provider_code="no place")
    try:
        yield
    finally:
        _ask("SELECT pg_advisory_unlock(%s, %s)", engine, place)


def _take(engine: str, place: int) -> bool:
    return _ask("SELECT pg_try_advisory_lock(%s, %s)", engine, place)


def _ask(question: str, engine: str, place: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [crc32(f"engine:{engine}".encode()) % BOUND, place])
        answer: bool = cursor.fetchone()[0]
    return answer
