"""What the worker runs for no app in particular."""

from core import storage
from realtime import reading


def clear_temp() -> int:
    return storage.clear_temp()


def clear_events() -> int:
    return reading.clear_old()
