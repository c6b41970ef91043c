"""The outline of a garment: its edges row by row, and the places where it turns inwards."""

from dataclasses import dataclass

import cv2
import numpy as np

from .garment import contour
from .pixels import Array

LEFT, RIGHT = -1, 1


@dataclass(frozen=True)
class Notch:
    """A place where the outline turns inwards, between the ends of a chord of its hull."""

    x: float
    y: float
    depth: float
    start: Array
    end: Array


def extents(solid: Array) -> tuple[Array, Array]:
    """The first and last set column of each row, -1 where the row is empty."""
    filled = solid.any(1)
    first, last = solid.argmax(1), solid.shape[1] - 1 - solid[:, ::-1].argmax(1)
    return np.where(filled, first, -1).astype(float), np.where(filled, last, -1).astype(float)


def runs(solid: Array, axis: float) -> tuple[Array, Array]:
    """The ends of the unbroken run of each row that holds the axis, or is nearest to it."""
    columns, rows = np.arange(solid.shape[1]), np.arange(len(solid))
    nearest = np.where(solid, np.abs(columns - axis), np.inf).argmin(1)
    gaps_before = np.maximum.accumulate(np.where(solid, -1, columns), 1)
    gaps_after = np.minimum.accumulate(np.where(solid, len(columns), columns)[:, ::-1], 1)[:, ::-1]
    filled = solid.any(1)
    left = np.where(filled, gaps_before[rows, nearest] + 1, -1)
    right = np.where(filled, gaps_after[rows, nearest] - 1, -1)
    return left.astype(float), right.astype(float)


def notches(solid: Array) -> list[Notch]:
    outline = contour(solid)
    hull = cv2.convexHull(outline, returnPoints=False)
    hull[::-1].sort(axis=0)
    try:
        defects = cv2.convexityDefects(outline, hull)
    except cv2.error:  # The hull of a ragged outline can cross itself.
        return []
    if defects is None:
        return []
    return [
        Notch(float(x), float(y), depth / 256, outline[start][0], outline[end][0])
        for start, end, far, depth in defects[:, 0]
        for x, y in outline[far]
    ]


def top_line(solid: Array) -> Array:
    """The first set row of every column; the height of the picture where there is none."""
    return np.asarray(np.where(solid.any(0), solid.argmax(0), solid.shape[0]))
