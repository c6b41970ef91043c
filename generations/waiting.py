"""`Prefer: wait=N` (RFC 7240): a client that would rather have the picture than its address."""

import re
from time import monotonic, sleep

from django.db import connection

from generations.models import Generation

MAX_SECONDS = 30
LOOK_SECONDS = 0.25
WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,4})\"?(?=$|[,;\s])", re.IGNORECASE)


def preferred(header: str) -> int:
    """How many seconds the header asks to wait, at most 30; 0 without a word of it."""
    found = WAIT.search(header)
    return min(int(found[1]), MAX_SECONDS) if found else 0


def finished(pks: list[int], seconds: float) -> bool:
    """Whether all of these are finished within so many seconds. Not to be called in a transaction.

    The connection is given back between the looks, so that those who wait keep nobody from one.
    """
    deadline = monotonic() + seconds
    while Generation.objects.unfinished().filter(pk__in=pks).exists():
        if monotonic() > deadline:
            return False
        if not connection.in_atomic_block:
            connection.close()
        sleep(LOOK_SECONDS)
    return True
