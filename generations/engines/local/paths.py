"""The middle line of an arm or a leg."""

import numpy as np

from .pixels import Array, average, unit


class Path:
    """A polyline with its corners rounded, addressed by the way along it in pixels."""

    def __init__(self, corners: list[Array], count: int) -> None:
        line = np.array(corners, np.float32)
        lengths = _lengths(line)
        steps = np.linspace(0, lengths[-1], count)
        path = np.stack([np.interp(steps, lengths, line[:, axis]) for axis in (0, 1)], -1)
        size = max(3, (count // 7) | 1)
        self._points = np.stack([average(path[:, axis], size) for axis in (0, 1)], -1)
        self._points[0], self._points[-1] = path[0], path[-1]
        self._lengths = _lengths(self._points)

    @property
    def length(self) -> float:
        return float(self._lengths[-1])

    def at(self, along: float) -> Array:
        """The point that far along; the ends for less than nothing and more than all."""
        x, y = (np.interp(along, self._lengths, self._points[:, axis]) for axis in (0, 1))
        return np.array([x, y], np.float32)

    def direction(self, along: float) -> Array:
        """The unit vector in which the path goes there."""
        ahead, behind = min(along + 4, self.length), max(along - 4, 0.0)
        return unit(self.at(ahead) - self.at(behind))


def _lengths(line: Array) -> Array:
    steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
    return np.asarray(np.r_[0, np.cumsum(steps)])
