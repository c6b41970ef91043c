"""What the judge sees in a photo: one person, by the model files alone."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from generations.engines.base import GarmentCategory
from generations.engines.local import pose
from generations.engines.local.pixels import Array, grid, grow, lab, mix, thin, to_segment

SHOULDERS, HIPS, KNEES = (11, 12), (23, 24), (25, 26)
ELBOWS, WRISTS, FINGERS = (13, 14), (15, 16), (19, 20)
SEEN = 0.5
SKIN_LIKE, HAIR_LIKE = 16, 14
FEW_PIXELS = 60
BELOW_WAIST = {GarmentCategory.BOTTOM, GarmentCategory.SKIRT}


class NobodyFoundError(Exception):
    """The networks find no person in the picture."""


@dataclass(frozen=True)
class Scene:
    """A photo, the landmarks of the person in it (33 points in pixels) and the person's mask."""

    picture: Array
    points: Array
    seen: Array
    mask: Array

    @cached_property
    def shoulders(self) -> float:
        """The distance between the shoulders, the unit of every length here."""
        left, right = self.points[list(SHOULDERS)]
        return max(float(np.linalg.norm(left - right)), 1.0)

    @cached_property
    def places(self) -> Array:
        return grid(*self.picture.shape[:2])

    @cached_property
    def colours(self) -> Array:
        return lab(self.picture)

    @cached_property
    def face(self) -> Array:
        """An oval from the brows to the chin, as wide as the eyes stand apart."""
        eyes, mouth = self.points[[2, 5]].mean(0), self.points[[9, 10]].mean(0)
        length = float(np.linalg.norm(mouth - eyes))
        middle, down = mix(eyes, mouth, 0.5), (mouth - eyes) / max(length, 1)
        x = (self.places - middle) @ np.array([down[1], -down[0]])
        y = (self.places - middle) @ down
        oval = (x / max(0.75 * length, 1)) ** 2 + (y / max(1.0 * length, 1)) ** 2 < 1
        return np.asarray(oval & (self.seen[0] > SEEN) & self.mask)

    def near(self, distance: float) -> Array:
        """The person and everything so many shoulder widths around."""
        return grow(self.mask, 2 * distance * self.shoulders)

    @cached_property
    def skin(self) -> Array:
        """What has the colour of the face."""
        return self._like(self.colours[self.face], SKIN_LIKE)

    @cached_property
    def hair(self) -> Array:
        """What has the colour found around the forehead."""
        eyes, mouth = self.points[[2, 5]].mean(0), self.points[[9, 10]].mean(0)
        crown = eyes - 1.6 * (mouth - eyes)
        around = np.linalg.norm(self.places - crown, axis=-1) < np.linalg.norm(mouth - eyes) * 0.6
        return self._like(self.colours[around & self.mask & ~self.skin], HAIR_LIKE)

    def _like(self, sample: Array, most: float) -> Array:
        if len(sample) < FEW_PIXELS:
            return np.zeros(self.mask.shape, bool)
        away = (self.colours - np.median(sample, 0)) * np.array([0.35, 1, 1])
        return np.asarray(np.linalg.norm(away, axis=-1) < most)

    @cached_property
    def hands(self) -> Array:
        """Bare hands: skin from the wrists to the fingertips."""
        hands = np.zeros(self.mask.shape, bool)
        for wrist, finger in zip(WRISTS, FINGERS, strict=True):
            if self.seen[wrist] > SEEN:
                tip = mix(self.points[wrist], self.points[finger], 1.5)
                hands |= self._limb(self.points[wrist], tip, 0.13)
        return np.asarray(hands & self.skin & self.mask)

    def core(self, category: GarmentCategory) -> Array:
        """Where any garment of the category shows for certain: the chest, or below the hips."""
        place = self._below_hips() if category in BELOW_WAIST else self._chest()
        return np.asarray(place & self.mask & ~(self.skin & self._forearms()) & ~self.hair)

    def _chest(self) -> Array:
        (left, right), (left_hip, right_hip) = self.points[[*SHOULDERS]], self.points[[*HIPS]]
        (first, second), (third, fourth) = (
            (mix(left, left_hip, level), mix(right, right_hip, level)) for level in (0.2, 0.88)
        )
        corners = [mix(first, second, 0.16), mix(first, second, 0.84)]
        corners += [mix(third, fourth, 0.84), mix(third, fourth, 0.16)]
        chest = np.zeros(self.mask.shape, np.uint8)
        cv2.fillConvexPoly(chest, np.round(np.array(corners)).astype(np.int32), 1)
        return np.asarray(chest > 0)

    def _below_hips(self) -> Array:
        thighs = np.zeros(self.mask.shape, bool)
        for hip, knee in zip(HIPS, KNEES, strict=True):
            start, end = self.points[hip], self.points[knee]
            thighs |= self._limb(start, mix(start, end, 0.25), 0.085)
        return thighs

    def _forearms(self) -> Array:
        arms = np.zeros(self.mask.shape, bool)
        for elbow, wrist, finger in zip(ELBOWS, WRISTS, FINGERS, strict=True):
            arms |= self._limb(self.points[elbow], self.points[wrist], 0.16)
            arms |= self._limb(
                self.points[wrist], mix(self.points[wrist], self.points[finger], 1.6), 0.14
            )
        return arms

    def _limb(self, start: Array, end: Array, radius: float) -> Array:
        distance, _ = to_segment(self.places, start, end)
        return np.asarray(distance <= radius * self.shoulders)


def look(picture: Array) -> Scene:
    """The largest person of the picture."""
    boxes = pose.people(picture)
    if not boxes:
        raise NobodyFoundError
    found = pose.landmarks(picture, boxes[0])
    return Scene(picture, found.points, found.visible, pose.foreground(picture) > SEEN)


def garment_in(photo: Array) -> Array:
    """The garment of a product photo, well inside of its edges: what the border is not."""
    height, width = photo.shape[:2]
    scale = 200 / max(height, width)
    small = cv2.resize(photo, (round(width * scale), round(height * scale)))
    trimap = np.full(small.shape[:2], cv2.GC_PR_BGD, np.uint8)
    rectangle = (4, 4, small.shape[1] - 8, small.shape[0] - 8)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(1)  # GrabCut starts from random centres.
    cv2.grabCut(small, trimap, rectangle, *models, 3, cv2.GC_INIT_WITH_RECT)
    solid = (trimap == cv2.GC_FGD) | (trimap == cv2.GC_PR_FGD)
    return cv2.resize(thin(solid, 5).astype(np.uint8), (width, height)) > 0
