"""Remembers that somebody asked us to stop: Ctrl-C, SIGTERM or a closed terminal."""

import signal
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequestedError(Exception):
    """Ends a wait that nobody needs any more."""


class StopRequest:
    def __init__(self) -> None:
        self.times = 0
        self.needs_passing_on = False

    def listen(self) -> None:
        for number in _SIGNALS:
            signal.signal(number, self._remember)

    def _remember(self, number: int, frame: FrameType | None) -> None:
        self.times += 1
        # Ctrl-C reaches a command that shares our terminal by itself.
        self.needs_passing_on = number != signal.SIGINT

    @property
    def made(self) -> bool:
        return self.times > 0

    @property
    def is_urgent(self) -> bool:
        """Asked more than once: nothing is waited for."""
        return self.times > 1
