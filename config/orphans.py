"""Lets no process outlive the one that started it."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_C_LIBRARY = ctypes.CDLL(None)


def die_with_parent(parent: int, *, by: signal.Signals = signal.SIGKILL) -> None:
    """Ask Linux for this signal when our parent ends, however it ends; elsewhere do nothing."""
    if sys.platform != "linux":
        return
    _C_LIBRARY.prctl(_PR_SET_PDEATHSIG, int(by))
    if os.getppid() != parent:  # it ended before we asked
        os.kill(os.getpid(), by)
