"""The legs of trousers and shorts, read off the silhouette."""

from dataclasses import dataclass

import cv2
import numpy as np

from .garment import Garment
from .notches import LEFT, RIGHT, extents, notches
from .pixels import Array, average, median, mix

ROWS_MIN = 12


@dataclass(frozen=True)
class Legs:
    """Trousers or shorts: the crotch, and for each leg its two edges from there to the cuff."""

    head: int
    axis: float
    crotch: tuple[float, int]
    edges: tuple[tuple[Array, Array], tuple[Array, Array]]
    cuffs: tuple[int, int]


def read_legs(garment: Garment, *, notch_min: float = 0.10) -> Legs | None:
    """The legs of trousers or shorts; nothing when the garment has no crotch.

    `notch_min` is the least depth of the notch between the legs, as a share of the length.
    """
    solid = garment.solid
    rows = np.where(solid.any(1))[0]
    head, foot = int(rows[0]), int(rows[-1])
    left, right = extents(solid)
    upper = slice(head, int(mix(head, foot, 0.3)))
    axis = float(np.median((left[upper] + right[upper]) / 2))
    crotch = _crotch(solid, axis, (head, foot), notch_min)
    if crotch is None:
        return None
    legs = [_leg(solid, crotch, sign) for sign in (LEFT, RIGHT)]
    if legs[0] is None or legs[1] is None:
        return None
    return Legs(
        head=head,
        axis=axis,
        crotch=crotch,
        edges=(legs[0][0], legs[1][0]),
        cuffs=(legs[0][1], legs[1][1]),
    )


def _crotch(
    solid: Array, axis: float, span: tuple[int, int], notch_min: float
) -> tuple[float, int] | None:
    """The deepest notch from below, near the axis."""
    head, foot = span
    length, width = foot - head, float(np.ptp(np.where(solid.any(0))[0]))
    fitting = [
        notch
        for notch in notches(solid)
        if notch.depth > notch_min * length
        and min(notch.start[1], notch.end[1]) > head + 0.5 * length
        and head + 0.15 * length < notch.y < head + (0.99 - notch_min) * length
        and abs(notch.x - axis) < 0.18 * width
    ]
    if not fitting:
        return None
    deepest = max(fitting, key=lambda notch: notch.depth)
    return deepest.x, int(deepest.y)


def _leg(
    solid: Array, crotch: tuple[float, int], sign: int
) -> tuple[tuple[Array, Array], int] | None:
    """The edges of one leg below the crotch, and the row of its cuff."""
    x, y = crotch
    below = solid.astype(np.uint8)
    below[: y + 1] = 0
    count, labels, stats, centres = cv2.connectedComponentsWithStats(below)
    chosen = [
        index
        for index in range(1, count)
        if stats[index, cv2.CC_STAT_AREA] > 0.01 * solid.sum()
        and sign * (centres[index, 0] - x) >= 0
    ]
    leg = np.isin(labels, chosen)
    rows = np.where(leg.any(1))[0]
    if len(rows) < ROWS_MIN:
        return None
    cuff = int(rows[-1])
    edges = (edge[y + 1 : cuff + 1] for edge in extents(leg))
    first, last = (average(median(edge, 9), 5) for edge in edges)
    return (first, last), cuff
