"""Telling a thing in a picture from the ground that it lies on."""

from typing import Any

import cv2
import numpy as np

Array = np.ndarray[Any, Any]
GROUND_DISTANCE = 12.0  # of CIE76; a colour of the border nearer than this is the ground
GROUND_SHARE = 0.1  # of the border


def lab(rgb: Array) -> Array:
    """Pixels of 0 to 255 in CIELAB."""
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB))


def differs(colours: Array) -> Array:
    """Which pixels, in CIELAB, are not coloured like the border."""
    border = np.concatenate([colours[0], colours[-1], colours[:, 0], colours[:, -1]])[::4]
    squares = (colours**2).sum(axis=-1)[..., None] + (border**2).sum(axis=-1)
    near = squares - 2 * colours @ border.T < GROUND_DISTANCE**2
    return np.asarray(near.mean(axis=-1) < GROUND_SHARE)
