"""Lets one launcher at a time run the servers of this copy of the repository."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from typing import TextIO

from config.launcher.addresses import ROOT
from config.launcher.errors import CannotContinueError

LOCK = ROOT / "var" / "lock"


class AlreadyRunningError(CannotContinueError):
    """Another launcher holds the lock."""


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Hold the lock; the kernel lets go of it however we end."""
    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise AlreadyRunningError(_sentence(file.read())) from None
        if not _is_current(file):
            raise AlreadyRunningError(_sentence(""))
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            LOCK.unlink(missing_ok=True)


def _is_current(file: TextIO) -> bool:
    """Whether nobody removed the lock between our opening and our locking it."""
    return LOCK.exists() and os.path.samestat(os.fstat(file.fileno()), LOCK.stat())


def _sentence(process: str) -> str:
    return (
        f"Leema is already running from {ROOT} (process {process or 'unknown'}). Stop that one "
        "with Ctrl-C first, or run a second copy from a folder of its own."
    )
