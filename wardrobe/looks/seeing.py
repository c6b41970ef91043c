"""Looking at a picture: the colour of the garment by name, and a fingerprint of the picture."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, ImageColor

from core import fingerprints, grounds
from wardrobe.models import UserWardrobeItem

Colour = UserWardrobeItem.Colour
Array = np.ndarray[Any, Any]
SIDE = 64  # pixels of the picture that is looked at
GARMENT_SHARE = 0.05  # of the picture; with less, garment and ground have one colour
PALETTE = {
    Colour.BLACK: ["#0b0b0c", "#232326"],
    Colour.GREY: ["#4a4a4d", "#808080", "#b4b4b6"],
    Colour.WHITE: ["#ffffff", "#e8e8e6"],
    Colour.BEIGE: ["#e8dcc4", "#cdb79a", "#f2e9da"],
    Colour.BROWN: ["#5c3a21", "#8a5a34", "#3b2a20"],
    Colour.RED: ["#c8102e", "#8b1a2b", "#e0433c"],
    Colour.ORANGE: ["#f28c28", "#d2601a", "#b5532f"],
    Colour.YELLOW: ["#f5d130", "#e3b52a", "#f7e98a"],
    Colour.GREEN: ["#2e8b57", "#1f4d2b", "#7bb661", "#6b7445", "#a9b38f"],
    Colour.LIGHT_BLUE: ["#9cc7e6", "#5fb3d4", "#40c4c8", "#b4cbd2"],
    Colour.BLUE: ["#1f4fa3", "#16244f", "#3b6fd1", "#4a6a94", "#2414a0", "#2b3048"],
    Colour.PURPLE: ["#6b3fa0", "#a887c9", "#4b2a5e"],
    Colour.PINK: ["#f4a7b9", "#e0508c", "#f8d3dc", "#cf9f9a"],
}


@dataclass(frozen=True, slots=True)
class Look:
    """The colour of most of the garment, and what core.fingerprints makes of the picture."""

    colour: UserWardrobeItem.Colour
    fingerprint: int | None


def look(content: bytes) -> Look:
    """Look at a stored JPEG; takes some milliseconds."""
    picture = Image.open(BytesIO(content))
    picture.draft("RGB", (4 * SIDE, 4 * SIDE))
    return Look(_colour(picture), fingerprints.of(picture))


def _colour(picture: Image.Image) -> UserWardrobeItem.Colour:
    """The name of most pixels that are not of the ground."""
    small = picture.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX)
    colours = grounds.lab(np.asarray(small))
    names, samples = _samples()
    garment = _garment(colours)
    nearest = np.linalg.norm(garment[:, None] - samples, axis=-1).argmin(axis=1)
    counted = np.bincount(names[nearest], minlength=len(PALETTE))
    return list(PALETTE)[int(counted.argmax())]


def _garment(colours: Array) -> Array:
    """The pixels that are not coloured like the border; all of the middle where few are left."""
    garment = colours[grounds.differs(colours)]
    middle = colours[SIDE // 4 : -SIDE // 4, SIDE // 4 : -SIDE // 4].reshape(-1, 3)
    return garment if len(garment) > GARMENT_SHARE * SIDE**2 else middle


def _samples() -> tuple[Array, Array]:
    """Which entry of the palette each sample belongs to, and the samples in CIELAB."""
    samples = [(number, text) for number, each in enumerate(PALETTE.values()) for text in each]
    pixels = np.array([[ImageColor.getrgb(text) for _, text in samples]])
    return np.array([number for number, _ in samples]), grounds.lab(pixels)[0]
