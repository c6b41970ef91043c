"""Knowing a picture again, however it was scaled and stored: 64 bits of what is seen in it."""

import cv2
import numpy as np
from PIL import Image

FLAT_RANGE = 24  # of 255; a flatter picture has no fingerprint
SAME_BITS = 5  # of 64; a photo stored anew differs in up to 4, photos of two garments in 14


def of(picture: Image.Image) -> int | None:
    """The perceptual hash of Christoph Zauner's thesis, 2010: which low frequencies are strong.

    A signed number of 64 bits, or None where a picture has nothing to tell.
    """
    grey = np.asarray(picture.convert("L").resize((32, 32), Image.Resampling.BOX), np.float32)
    if np.ptp(grey) < FLAT_RANGE:
        return None
    low = cv2.dct(grey)[1:9, 1:9]
    bits = np.packbits(low > np.median(low)).tobytes()
    return int.from_bytes(bits, signed=True)


def are_alike(one: int, other: int) -> bool:
    """Whether two fingerprints are of one picture."""
    return distance(one, other) <= SAME_BITS


def distance(one: int, other: int) -> int:
    """In how many of the 64 bits they differ."""
    return ((one ^ other) % 2**64).bit_count()
