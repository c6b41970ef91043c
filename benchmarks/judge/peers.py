"""What an engine must be told from: doing nothing, pasting the photo, and painting the clothes."""

from collections.abc import Callable

import cv2
import numpy as np

from generations.engines.base import GarmentCategory
from generations.engines.local.pixels import Array, blur, mix

from .scene import BELOW_WAIST, Scene, garment_in

Peer = Callable[[Scene, Array, GarmentCategory], Array]


def nothing(scene: Scene, garment: Array, category: GarmentCategory) -> Array:
    """The photo as it was."""
    return scene.picture


def rectangle(scene: Scene, garment: Array, category: GarmentCategory) -> Array:
    """The garment's photo, pasted over the body as it is."""
    upper, lower = ((23, 24), (27, 28)) if category in BELOW_WAIST else ((11, 12), (23, 24))
    corners = scene.points[[*upper, *lower]]
    margin = 0.25 * scene.shoulders
    left, top = np.maximum(corners.min(0) - margin, 0).astype(int)
    right, bottom = (corners.max(0) + margin).astype(int)
    result = scene.picture.copy()
    hole = result[top:bottom, left:right]
    hole[:] = cv2.resize(garment, (hole.shape[1], hole.shape[0]))
    return result


def recolour(scene: Scene, garment: Array, category: GarmentCategory) -> Array:
    """The clothes that are there, painted in the garment's middle colour."""
    y = scene.places[..., 1]
    shoulder, hip = scene.points[[11, 12], 1].mean(), scene.points[[23, 24], 1].mean()
    worn = y > hip if category in BELOW_WAIST else (y > shoulder) & (y < hip)
    soft = blur(worn & scene.mask & ~scene.skin, 1)[..., None]
    colour = np.median(garment[garment_in(garment)], 0)
    light = scene.colours[..., :1] / max(1.0, float(scene.colours[worn & scene.mask, 0].mean()))
    painted = np.clip(mix(scene.picture, colour * light, soft), 0, 255)
    return np.asarray(painted, np.uint8)


PEERS: dict[str, Peer] = {"nothing": nothing, "rectangle": rectangle, "recolour": recolour}
