"""Taking the light and the fine pattern out of the ground of a product photo.

A lamp makes one side of a bedspread darker than a garment on its other side is. What remains when
the light is gone tells garments from a ground of nearly their own colour.
"""

import cv2
import numpy as np

from .pixels import Array, lab, shrink

FITTING_SIDE = 256
BORDER = 0.06
OUTLIERS, ROUNDS = 85, 3
PLAIN = np.array([160, 128, 128], np.float32)
SMOOTH = 0.004


def evened(photo: Array) -> Array:
    """The photo with its ground in one gray; everything else differs from it as much as before."""
    soft = cv2.GaussianBlur(photo, (0, 0), SMOOTH * max(photo.shape))
    colours = lab(soft) - _light(lab(shrink(soft, FITTING_SIDE)), photo.shape[:2]) + PLAIN
    return cv2.cvtColor(np.clip(colours, 0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB)


def _light(colours: Array, shape: tuple[int, ...]) -> Array:
    """A smooth surface through the border's colours but for what lies on the border."""
    terms, border = _terms(colours.shape[:2]), _border(colours.shape[:2])
    near, wanted = terms[border], colours[border]
    usual = np.ones(len(near), bool)
    for _ in range(ROUNDS):
        surface, *_ = np.linalg.lstsq(near[usual], wanted[usual], rcond=None)
        off = np.linalg.norm(wanted - near @ surface, axis=-1)
        usual = off < np.percentile(off, OUTLIERS)
    return np.asarray(_terms(shape) @ surface, np.float32)


def _terms(shape: tuple[int, ...]) -> Array:
    """The terms of a polynomial of the second degree at every pixel."""
    y, x = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]
    return np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], -1)


def _border(shape: tuple[int, ...]) -> Array:
    border, size = np.ones(shape, bool), max(2, int(BORDER * min(shape)))
    border[size:-size, size:-size] = False
    return border
