"""Transactions that begin anew when the database ends them for the sake of another one."""

import logging
import time
from collections.abc import Callable
from functools import wraps
from random import SystemRandom
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected, SerializationFailure

MORE_TRIES = 3
PAUSE_SECONDS = 0.05
random = SystemRandom()
P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)


def atomic(function: Callable[P, R]) -> Callable[P, R]:
    """Run the function in a transaction, and anew when the database ended that for another's sake.

    Up to three times more after a deadlock (40P01) or a serialization failure (40001), each time
    after a longer, random pause, the longest of 0.4 seconds. Within an open transaction it is a
    savepoint, and the outermost one tries again. The function looks its rows up anew, so that a
    second run does not build on what the first one was told.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        tries = 0 if connection.in_atomic_block else MORE_TRIES
        for number in range(tries):
            try:
                with transaction.atomic():
                    return function(*args, **kwargs)
            except OperationalError as error:
                if not isinstance(error.__cause__, DeadlockDetected | SerializationFailure):
                    raise
                log.warning("%s begins anew: %s", function.__qualname__, error.__cause__.sqlstate)
                time.sleep(random.uniform(0, PAUSE_SECONDS * 2 ** (number + 1)))
        with transaction.atomic():
            return function(*args, **kwargs)

    return run


def broken_rule(error: IntegrityError) -> str:
    """The name of the rule of the database that was broken, or ""."""
    return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""))
