"""Guessing where a garment is worn, from its silhouette alone."""

import numpy as np

from generations.engines.base import GarmentCategory

from .garment import Garment
from .legs import read_legs
from .notches import runs
from .silhouette import read_top

DRESS_LENGTH = 1.75
LONG_ASPECT = 1.55
SKIRT_ASPECT = 1.45


def guess(garment: Garment) -> GarmentCategory:
    """Legs make trousers, sleeves a top or a dress by its length; a cone is a skirt."""
    if read_legs(garment) is not None:
        return GarmentCategory.BOTTOM
    top = read_top(garment)
    if top.has_sleeves and not top.sleeves_merged:
        long = (top.hem - top.armpit_row) / max(1.0, top.shoulders) > DRESS_LENGTH
        return GarmentCategory.DRESS if long else GarmentCategory.TOP
    if _is_cone(garment):
        return GarmentCategory.SKIRT
    height, width = garment.solid.shape
    return GarmentCategory.DRESS if height > LONG_ASPECT * width else GarmentCategory.TOP


def _is_cone(garment: Garment) -> bool:
    """Wide and straight at the top, never narrower below, and not long."""
    solid = garment.solid
    height, width = solid.shape
    left, right = runs(solid, width / 2)
    widths = right - left
    waist = float(np.median(widths[int(0.05 * height) : int(0.10 * height) + 1]))
    knee = float(np.median(widths[int(0.45 * height) : int(0.55 * height) + 1]))
    hem = float(np.median(widths[int(0.85 * height) : int(0.93 * height) + 1]))
    straight = waist > 0.42 * widths.max()
    return straight and waist <= knee * 1.02 <= hem * 1.08 and height < SKIRT_ASPECT * width
