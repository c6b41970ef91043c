"""Finding pictures of like things: 256 bits that tell the colours and the outline of a garment.

The more bits differ, the less alike are the garments. Each number of a picture is written as one
bit for each step that it reaches, so that bits count how far numbers are apart.
"""

from typing import Any

import cv2
import numpy as np
from PIL import Image

from core import grounds

Array = np.ndarray[Any, Any]
BITS = 256
SIDE = 64  # pixels of the picture that is looked at
GARMENT_SHARE = 0.05  # of the picture; with less, the middle is taken for the garment
LIGHT = np.linspace(0, 100, 18)[1:-1]  # 16 steps in CIELAB
TINT = np.linspace(-62, 62, 26)[1:-1]  # 24 steps, in each of both directions of CIELAB
LIGHTS = np.array([10.0, 35.0, 62.0, 92.0])  # of greys
HUES, DEPTHS = 10, np.array([35.0, 70.0])  # of colours
GREY, COLOURED = 6.0, 22.0  # of chroma; between them a pixel counts as both in part
SHARES = np.array([0.15, 0.35, 0.55, 0.75])  # 4 steps of the square root of a share
GRID = 8
TALL = np.linspace(-1.5, 2.0, 32)  # steps of the binary logarithm of height by width


def of(picture: Image.Image) -> str:
    """The bits of a picture as a text of 0 and 1; takes some milliseconds."""
    small = picture.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX)
    lab = grounds.lab(np.asarray(small))
    garment = _garment(lab)
    bits = [*_colours(lab[garment]), *_outline(garment, picture.height / picture.width)]
    return "".join("1" if bit else "0" for bit in np.concatenate(bits))


def _garment(lab: Array) -> Array:
    """Where the largest thing is that is not coloured like the border; the middle without one."""
    differing = grounds.differs(lab).astype(np.uint8)
    closed = cv2.morphologyEx(differing, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _, labels, facts, _ = cv2.connectedComponentsWithStats(closed)
    sizes = facts[1:, cv2.CC_STAT_AREA]
    if len(sizes) and sizes.max() > GARMENT_SHARE * SIDE**2:
        return np.asarray(labels == 1 + sizes.argmax())
    middle = np.zeros((SIDE, SIDE), bool)
    middle[SIDE // 4 : -SIDE // 4, SIDE // 4 : -SIDE // 4] = True
    return middle


def _colours(pixels: Array) -> list[Array]:
    """Of the pixel in the middle of all, and how much there is of each of 24 colours."""
    light, first, second = np.median(pixels, axis=0)
    shares = _shares(pixels)
    return [light > LIGHT, first > TINT, second > TINT, (shares[:, None] > SHARES**2).ravel()]


def _shares(pixels: Array) -> Array:
    """Each pixel is shared out among its neighbours of 4 greys, and of 10 hues in 2 depths."""
    light, first, second = pixels.T
    coloured = np.clip((np.hypot(first, second) - GREY) / (COLOURED - GREY), 0, 1)
    hue = np.arctan2(second, first) / (2 * np.pi) * HUES
    lower = np.floor(hue)
    greys = _between(light, LIGHTS) * (1 - coloured)[:, None]
    depths = _between(light, DEPTHS) * coloured[:, None]
    shares = np.zeros((HUES, len(DEPTHS)))
    for place, weight in ((lower, lower + 1 - hue), (lower + 1, hue - lower)):
        np.add.at(shares, place.astype(int) % HUES, depths * weight[:, None])
    return np.concatenate([greys.sum(axis=0), shares.ravel()]) / len(pixels)


def _between(values: Array, stops: Array) -> Array:
    """How much each value belongs to each stop; all of it to the two that it lies between."""
    ones = np.eye(len(stops))
    return np.stack([np.interp(values, stops, one) for one in ones], axis=-1)


def _outline(garment: Array, tallness: float) -> list[Array]:
    """How tall the garment is for its width, and which squares of a grid in its box it covers."""
    left, top, width, height = cv2.boundingRect(garment.astype(np.uint8))
    box = garment[top : top + height, left : left + width].astype(np.float32)
    squares = cv2.resize(box, (GRID, GRID), interpolation=cv2.INTER_AREA)
    tall = np.log2(height / width * tallness)
    return [tall > TALL, (squares > 0.5).ravel()]  # noqa: PLR2004 - half of it
