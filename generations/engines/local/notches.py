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
    height, width = solid.shape
    left, right = np.full(height, -1.0), np.full(height, -1.0)
    for y, row in enumerate(solid):
        filled = np.flatnonzero(row)
        if not len(filled):
            continue
        x = filled[np.argmin(np.abs(filled - axis))]
        before, after = np.flatnonzero(~row[:x]), np.flatnonzero(~row[x:])
        left[y] = before[-1] + 1 if len(before) else 0
        right[y] = x + after[0] - 1 if len(after) else width - 1
    return left, right


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
