"""Light: the folds and the light of the old clothes passed on to the new ones, and shadows."""

import cv2
import numpy as np

from generations.engines.base import GarmentCategory

from .person import Person
from .pixels import HALF, Array, blur, colour_distance, grow

PIXELS_MIN = 100
SHADOW_FALL = 0.012
PRINT_DISTANCE = 13


def of(person: Person, old: Array, cover: Array, on_top: Array, category: GarmentCategory) -> Array:
    """How much brighter or darker than its picture the garment is at each pixel."""
    width = person.body.shoulders
    below_waist = category in {GarmentCategory.BOTTOM, GarmentCategory.SKIRT}
    worn = person.lower if below_waist else person.upper
    trust = 0.6 if below_waist else float(np.clip((person.plain - HALF) / 0.3, 0, 1))
    under = 1 - 0.28 * np.clip(blur(on_top, max(2, 0.045 * width)) - on_top, 0, 1)
    if worn.sum() < PIXELS_MIN:
        return np.asarray(under)
    trusted = trust * _where_plain(person, worn)
    return np.asarray(_folds(person, worn, trusted) * _light(person, worn, cover > HALF) * under)


def _folds(person: Person, worn: Array, trusted: Array) -> Array:
    """Brightness of the old clothes against their surroundings."""
    bright, width, region = person.colours[..., 0], person.body.shoulders, worn.astype(np.float32)
    fine = cv2.GaussianBlur(bright, (0, 0), max(1.2, 0.008 * width))
    wide = blur(bright * region, 0.16 * width) / (blur(region, 0.16 * width) + 1e-3)
    folds = np.where(worn, (fine + 12) / (wide + 12), 1)
    folds = 1 + (np.clip(folds, 0.72, 1.18) - 1) * 0.75 * trusted
    return blur(folds, max(0.8, 0.004 * width))


def _where_plain(person: Person, worn: Array) -> Array:
    """0 near prints and seams of the old clothes: those are no folds."""
    width, colours = person.body.shoulders, person.colours
    off = colour_distance(colours, np.median(colours[worn], 0), (0.35, 1, 1))
    plain = blur(np.clip(1.6 - off / 9, 0, 1), max(1, 0.03 * width))
    printed = grow(off > PRINT_DISTANCE, 0.06 * width) & worn
    return np.asarray(np.clip(plain * (1 - blur(printed, max(1, 0.02 * width))), 0, 1))


def _light(person: Person, worn: Array, covered: Array) -> Array:
    """The light of the room: brighter on the side that the old clothes show brighter."""
    bright, width, region = person.colours[..., 0], person.body.shoulders, worn.astype(np.float32)
    wide = blur(bright * region, 0.45 * width) / (blur(region, 0.45 * width) + 1e-3)
    common = wide[covered & worn]
    mean = float(common.mean()) if common.size else 128.0
    light = 1 + np.clip((wide - mean) / max(mean, 40), -0.12, 0.12) * 0.7
    return blur(np.where(worn, light, 1), max(2, 0.05 * width))


def cast_shadow(person: Person, cover: Array, on_top: Array) -> Array:
    """The narrow shadow of hem, cuffs and neckline on the body, 0 to 1."""
    width = person.body.shoulders
    fall = max(1, round(SHADOW_FALL * width))  # Light comes from above.
    fallen = np.pad(cover, ((fall, 0), (0, 0)))[: len(cover)]
    near = np.clip(blur(fallen, max(1.5, 0.022 * width)) - cover, 0, 1)
    on_body = (person.silhouette > HALF) & (cover < HALF)
    return np.asarray(near * on_body * (1 - on_top))
