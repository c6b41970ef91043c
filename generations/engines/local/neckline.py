"""How deep the neck of a garment is cut."""

import numpy as np

from .garment import Garment
from .notches import LEFT, RIGHT, top_line
from .pixels import Array, average, lab
from .silhouette import Top

ROWS_MIN, BODY_ROWS_MIN = 12, 24


def neck_depth(top: Top, garment: Garment) -> float:
    """How far below the neck corners the front of the neckline lies.

    It is the strongest horizontal edge below the collar, if the same edge runs higher at the
    sides; otherwise what the outline or a hanger shows, or the depth of a usual round neck.
    """
    left, right = top.neck
    width, corner = float(right[0] - left[0]), int(min(left[1], right[1]))
    middle = (left[0] + right[0]) / 2
    visible = float(top_line(top.solid)[int(middle)] - corner)
    visible = max(visible, min(garment.throat - corner, width))
    if visible > 0.5 * width:
        return visible
    usual = max(visible, 0.36 * width)
    colours, bottom = (
        lab(garment.picture.astype(np.uint8)),
        int(corner + min(0.95 * width, 0.3 * top.length)),
    )

    def edge(x: float, low: float, high: float) -> tuple[float, float]:
        reach = max(1, int(0.05 * width))
        first = int(max(corner + visible + 2, corner + low * width))
        last = int(min(bottom, corner + high * width))
        strip = colours[first:last, max(0, int(x) - reach) : int(x) + reach + 1]
        row, strength = _strongest_edge(strip)
        return first - corner + row, strength

    front, strength = edge(middle, 0.20, 0.95)
    sides = [edge(middle + sign * 0.25 * width, 0.08, 0.9)[0] for sign in (LEFT, RIGHT)]
    body = colours[int(corner + 1.1 * width) : int(corner + 0.75 * top.length)]
    busy = _busyness(body[:, int(middle - 0.05 * width) : int(middle + 0.05 * width) + 1])
    curved = 0.03 * width < front - sum(sides) / 2 < 0.6 * width
    if strength > max(2.2, 1.5 * busy) and curved and abs(sides[0] - sides[1]) < 0.16 * width:
        return max(front, 0.3 * width)
    return usual


def _strongest_edge(strip: Array) -> tuple[float, float]:
    """The row where the colour of the strip changes most, and how much."""
    change = _change(strip)
    if len(change) < ROWS_MIN:
        return 0.0, 0.0
    change[:2] = change[-2:] = 0
    return float(np.argmax(change)), float(change.max())


def _busyness(strip: Array) -> float:
    """How much the pattern of the cloth changes from row to row."""
    change = _change(strip)
    return float(np.percentile(change, 92)) if len(change) > BODY_ROWS_MIN else 0.0


def _change(strip: Array) -> Array:
    if strip.shape[0] < ROWS_MIN or strip.shape[1] == 0:
        return np.zeros(0)
    line = np.median(strip, axis=1)
    smooth = np.stack([average(line[:, channel], 5) for channel in range(3)], 1)
    return np.asarray(np.abs(np.gradient(smooth, axis=0)).sum(1))
