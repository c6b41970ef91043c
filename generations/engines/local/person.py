"""Reading the photo of a person: who stands where, and what is skin, hair and clothing.

Parsing needs no network of its own: each class is a small palette of Lab colours, sampled where
the pose says the class must be, and a cost for places where it cannot be.
"""

from dataclasses import dataclass, fields, replace

import cv2
import numpy as np

from generations.engines.base import GenerationError

from . import pose
from .body import BARELY_VISIBLE, Body, from_pose
from .pixels import (
    HALF,
    Array,
    Window,
    between,
    closed,
    colour_distance,
    fill_holes,
    gray,
    grow,
    guided,
    lab,
    mix,
    opened,
    resize,
    thin,
    unit,
)

PARSING_SIDE = 560
UPPER, LOWER, HAIR, SKIN = range(4)
FACE_SKIN_WEIGHTS = (0.28, 1.0, 1.0)
PALETTE_WEIGHTS = (0.55, 1.2, 1.2)
RIVAL_AREA, RIVAL_SCORE = 0.45, 0.6
SURELY_A_PERSON = 0.8
SKIN_NEAR = 13
SKIN_LIMIT = 16
PALETTE_MIN_PIXELS = 60
HAIR_LIKE_CLOTHES = 14
SKIN_LIKE_CLOTHES = 0.2
OFF_THE_TORSO, BULKY = 0.12, 0.15
NO_PALETTE = 60.0
COST_MAX = 45


@dataclass(frozen=True)
class ArmZone:
    """Where one arm can be, by the pose alone."""

    upper: Array
    fore: Array
    hand: Array

    def part(self, window: Window) -> "ArmZone":
        return ArmZone(self.upper[window], self.fore[window], self.hand[window])


@dataclass(frozen=True)
class Person:
    """A photo, the body in it, and a mask for each thing that matters to a garment.

    `plain` is the share of the old top that has one colour; what is `bulky` hides the body, as a
    space suit or a thick coat does, so that a garment can only be worn over it.
    """

    picture: Array
    colours: Array
    body: Body
    silhouette: Array
    face: Array
    hair: Array
    skin: Array
    upper: Array
    lower: Array
    shoes: Array
    arms: tuple[ArmZone, ArmZone]
    skin_colour: Array
    skin_distance: Array
    torso_zone: Array
    plain: float
    bulky: bool

    def part(self, window: Window) -> "Person":
        """The same person in a part of the photo."""
        planes = {
            field.name: plane[window]
            for field in fields(self)
            if np.shape(plane := getattr(self, field.name))[:2] == self.silhouette.shape
        }
        arms = self.arms[0].part(window), self.arms[1].part(window)
        return replace(self, body=self.body.part(window), arms=arms, **planes)


def read(picture: Array) -> Person:
    """Everything the later stages need to know about the person in the photo."""
    found = _only_person(picture)
    silhouette = _silhouette(picture, found)
    body = from_pose(found, picture.shape[:2])
    scale = min(1.0, PARSING_SIDE / max(picture.shape[:2]))
    small = resize(picture, round(body.width * scale), round(body.height * scale))
    small_silhouette = resize(silhouette, small.shape[1], small.shape[0])
    parsed = _Parsing(small, body.scaled(scale, small.shape[:2]), small_silhouette).person()
    return _enlarged(parsed, picture, body, silhouette)


def _only_person(picture: Array) -> pose.Pose:
    boxes = pose.people(picture)
    if not boxes:
        raise GenerationError("no_person")
    rivals = [box for box in boxes[1:] if box.score > RIVAL_SCORE]
    if any(box.area > RIVAL_AREA * boxes[0].area for box in rivals):
        raise GenerationError("multiple_persons")
    found = pose.landmarks(picture, boxes[0])
    surely = boxes[0].score > SURELY_A_PERSON or pose.has_face(picture, found)
    if found.score < pose.PERSON_SCORE or not surely:  # A hanging coat has a pose, but no face.
        raise GenerationError("no_person")
    return found


def _silhouette(picture: Array, found: pose.Pose) -> Array:
    """The person as a plane: the pose network and the selfie network must agree."""
    rough, sure = found.silhouette, pose.foreground(picture)
    both = np.maximum(sure * np.clip(rough * 3, 0, 1), np.minimum(rough, sure + 0.35))
    both = np.where(between(rough, 0.05), both, 0)
    radius = max(2, int(0.004 * max(picture.shape[:2])))
    plane = guided(gray(picture), both, radius, 2e-4)
    return np.clip((plane - HALF) / HALF + HALF, 0, 1).astype(np.float32)


def _enlarged(small: Person, picture: Array, body: Body, silhouette: Array) -> Person:
    """The parsing at the size of the photo, its edges moved to the edges of the photo."""
    width, height, guide = body.width, body.height, gray(picture)
    radius = max(2, int(0.004 * max(width, height)))

    def soft(mask: Array) -> Array:
        return cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)

    def wider(mask: Array) -> Array:
        return np.asarray(soft(mask) > HALF)

    def along_edges(mask: Array) -> Array:
        return np.asarray(guided(guide, soft(mask), radius, 3e-4) > HALF)

    face = wider(small.face)
    return Person(
        picture=picture,
        colours=lab(cv2.GaussianBlur(picture, (0, 0), 1)),
        body=body,
        silhouette=silhouette,
        face=face,
        hair=along_edges(small.hair),
        skin=wider(small.skin),
        upper=along_edges(small.upper) & ~face,
        lower=along_edges(small.lower),
        shoes=wider(small.shoes),
        arms=_arm_zones(body),
        skin_colour=small.skin_colour,
        skin_distance=cv2.resize(small.skin_distance, (width, height)),
        torso_zone=_torso_zone(body),
        plain=small.plain,
        bulky=small.bulky,
    )


def _arm_zones(body: Body) -> tuple[ArmZone, ArmZone]:
    return _arm_zone(body, 0), _arm_zone(body, 1)


def _arm_zone(body: Body, index: int) -> ArmZone:
    side = body.sides[index]
    upper = body.limb(side.shoulder, side.elbow, (0.194, 0.163))
    fore = body.limb(side.elbow, side.wrist, (0.156, 0.119))
    reach = side.wrist + unit(side.finger - side.wrist) * (0.32 * body.shoulders)
    hand = body.limb(side.wrist, reach, (0.14, 0.14))
    nothing = np.zeros_like(upper)
    if side.sees["elbow"] < BARELY_VISIBLE:
        upper = body.limb(side.shoulder, mix(side.shoulder, side.elbow, 0.7), (0.194, 0.194))
    if side.sees["wrist"] < BARELY_VISIBLE:
        hand, fore = nothing, fore if side.sees["elbow"] > HALF else nothing
    return ArmZone(upper, fore, hand)


def _torso_zone(body: Body) -> Array:
    left, right = body.sides
    corners = [
        mix(left.shoulder, right.shoulder, 0.12),
        mix(right.shoulder, left.shoulder, 0.12),
        mix(right.hip, left.hip, 0.05),
        mix(left.hip, right.hip, 0.05),
    ]
    zone = np.zeros((body.height, body.width), np.uint8)
    cv2.fillConvexPoly(zone, np.round(np.array(corners)).astype(np.int32), 1)
    return np.asarray(zone > 0)


class _Parsing:
    """The work of parsing, on a small copy of the photo; `person()` is the result."""

    def __init__(self, picture: Array, body: Body, silhouette: Array) -> None:
        self.picture, self.body, self.silhouette = picture, body, silhouette
        self.inside = silhouette > HALF
        self.colours = lab(cv2.bilateralFilter(picture, 5, 25, 4))
        self.level, self.aside = body.level, body.aside
        self.torso = _torso_zone(body)
        self.arms = _arm_zones(body)
        self.hands = self.arms[0].hand | self.arms[1].hand
        self.fore = self.arms[0].fore | self.arms[1].fore
        self.any_arm = self.fore | self.arms[0].upper | self.arms[1].upper
        self.element = max(3, int(0.012 * max(picture.shape[:2])) | 1)
        self._find_face()
        self._find_skin_colour()

    def _find_face(self) -> None:
        body = self.body
        offset = body.points - body.face_centre
        sideways = np.array([body.face_down[1], -body.face_down[0]], np.float32)
        self.face_x = (offset @ sideways) / body.face_width
        self.face_y = (offset @ body.face_down) / body.face_length
        seen = self.inside & body.face_visible
        self.face = ((self.face_x / 0.60) ** 2 + (self.face_y / 1.35) ** 2 < 1) & seen
        core = (self.face_x / 0.42) ** 2 + ((self.face_y - 0.1) / 0.95) ** 2 < 1
        self.face_core = core & seen

    def _find_skin_colour(self) -> None:
        pixels = self.colours[self.face_core]
        if len(pixels) < PALETTE_MIN_PIXELS:
            pixels = self.colours[self.hands & self.inside & ~self.torso]
        if len(pixels) < PALETTE_MIN_PIXELS:
            pixels = np.array([[160.0, 140.0, 148.0]], np.float32)
        off = colour_distance(pixels, np.median(pixels, 0), (0.4, 1, 1))
        self.skin_colour = np.median(pixels[off <= np.percentile(off, 70)], 0)
        self.skin_distance = colour_distance(self.colours, self.skin_colour, FACE_SKIN_WEIGHTS)

    def person(self) -> Person:
        palettes = [_palette(self.colours[seed], size) for seed, size in self._seeds()]
        labels = self._labels(palettes)
        hair = self._hair(labels, palettes)
        upper = self._upper(labels, hair)
        shoes = self._shoes() & self.inside
        lower = self._clean(labels == LOWER) & ~upper & ~shoes
        return Person(
            picture=self.picture,
            colours=self.colours,
            body=self.body,
            silhouette=self.silhouette,
            face=self.face,
            hair=hair,
            skin=(labels == SKIN) & self.inside,
            upper=upper,
            lower=lower,
            shoes=shoes,
            arms=self.arms,
            skin_colour=self.skin_colour,
            skin_distance=self.skin_distance,
            torso_zone=self.torso,
            plain=self._plainness(upper),
            bulky=self._is_bulky(upper),
        )

    def _seeds(self) -> list[tuple[Array, int]]:
        """Where each class surely is, and how many colours it may have."""
        body, near = self.body, self.skin_distance
        bare_chest = between(near, high=7) & between(self.level, high=0.3)
        upper = self.torso & ~self.hands & ~(self.fore & between(near, high=11)) & ~bare_chest
        upper &= between(self.level, 0.18, 0.75) & ~self._bare_belly(upper)
        lower = np.zeros_like(self.torso)
        for side in body.sides:
            thigh = mix(side.hip, side.knee, 0.15), mix(side.hip, side.knee, 0.7)
            lower |= body.limb(*thigh, (0.12, 0.10))
        lower &= between(self.level, 1.06) & ~self.hands
        hair = between(self.face_y, -2.9, -0.95) & between(np.abs(self.face_x), high=1.1)
        hair &= between(near, 9) & body.face_visible
        skin = (
            self.face_core | (self.hands & (near < SKIN_NEAR)) | (self.fore & between(near, high=8))
        )
        sizes = (upper, 5), (lower, 4), (hair, 3), (skin, 4)
        return [(mask & self.inside, size) for mask, size in sizes]

    def _bare_belly(self, dressed: Array) -> Array:
        """Skin below a short top; where the chest has the colour of skin too, nothing tells."""
        skin = self.skin_distance < SKIN_NEAR
        chest = dressed & self.inside & between(self.level, 0.3, 0.5)
        clothed = chest.any() and skin[chest].mean() < SKIN_LIKE_CLOTHES
        return np.asarray(skin & between(self.level, 0.5) & bool(clothed))

    def _labels(self, palettes: list[Array]) -> Array:
        """The cheapest class of each pixel, by colour and by place; -1 outside the person."""
        radius = max(1, int(0.006 * max(self.picture.shape[:2])))
        window = (2 * radius + 1, 2 * radius + 1)
        costs = [
            cv2.boxFilter(
                np.minimum(_palette_distance(self.colours, palette) + place, COST_MAX), -1, window
            )
            for palette, place in zip(palettes, self._places(), strict=True)
        ]
        labels = np.argmin(np.stack(costs, -1), -1)
        return np.where(self.inside, labels, -1)

    def _places(self) -> list[Array]:
        """What it costs each class to be at each pixel, in the same measure as colours."""
        level = self.level
        near_torso = grow(self.torso, 0.2 * self.body.shoulders) | self.any_arm
        upper = np.where(near_torso, 0, 14) + np.clip((level - 0.98) * 60, 0, None)
        upper = upper + np.where(self.face, 60, 0) + np.where(between(level, high=-0.32), 50, 0)
        lower = np.clip((0.84 - level) * 110, 0, None) + np.where(self.face, 60, 0)
        lower = lower + np.where(self._leg_zone() | between(level, 0.86), 0, 10)
        return [
            plane.astype(np.float32)
            for plane in (upper, lower, self._hair_place(), self._skin_place())
        ]

    def _hair_place(self) -> Array:
        body, level = self.body, self.level
        if not body.face_visible:
            return np.full(level.shape, NO_PALETTE)
        aside = np.abs((body.points - body.face_centre) @ body.rightward)
        far = aside > 0.95 * body.face_width + 0.12 * body.shoulders
        cost = np.where(between(level, 0.62), 40, 0) + np.where(far, 25, 0)
        return np.asarray(
            cost + np.where(self.face_core, 20, 0) + np.where(between(level, 0.05), 6, 0)
        )

    def _skin_place(self) -> Array:
        neck = between(self.level, -0.6, 0.02) & between(np.abs(self.aside), high=0.24)
        chest = self.torso & ~neck & between(self.level, 0.22) & ~self.fore & ~self.hands
        cost = np.where(self.face, -6, 0) + np.where(neck, -5, 0)
        return np.asarray(cost + np.where(self.hands, -6, 0) + np.where(chest, 9, 0))

    def _leg_zone(self) -> Array:
        zone = np.zeros_like(self.torso)
        for side in self.body.sides:
            zone |= self.body.limb(side.hip, side.knee, (0.22, 0.18))
            zone |= self.body.limb(side.knee, side.ankle, (0.17, 0.12))
        return zone

    def _hair(self, labels: Array, palettes: list[Array]) -> Array:
        """Hair that hangs together with the face."""
        hair = self._clean(labels == HAIR)
        upper, own = palettes[UPPER], palettes[HAIR]
        if len(upper) and len(own):
            likeness = min(colour_distance(own, one, PALETTE_WEIGHTS).min() for one in upper)
            if likeness < HAIR_LIKE_CLOTHES:
                hair &= between(self.level, high=-0.02)
        _, parts = cv2.connectedComponents((hair | self.face).astype(np.uint8))
        on_face = parts[self.face]
        if len(on_face):
            hair &= parts == np.bincount(on_face).argmax()
        return hair

    def _upper(self, labels: Array, hair: Array) -> Array:
        """Upper clothing; what lies on the torso and is neither skin nor hair belongs to it."""
        upper = self._clean(labels == UPPER)
        bare = (labels == SKIN) & (self.skin_distance < SKIN_NEAR)
        upper |= self.torso & self.inside & (labels != HAIR) & ~bare & between(self.level, high=0.8)
        upper = fill_holes(opened(upper, self.element)) & self.inside & ~self.face
        lost = (labels == HAIR) & ~hair & self.torso & between(self.level, 0.02)
        return np.asarray(upper | lost)

    def _shoes(self) -> Array:
        body, zone = self.body, np.zeros_like(self.torso)
        for side in body.sides:
            if side.sees["ankle"] > HALF and side.sees["toe"] > BARELY_VISIBLE:
                ankle, heel, toe = side.ankle, side.heel, side.toe
                zone |= body.limb(mix(ankle, toe, 0.45), mix(ankle, toe, 1.1), (0.10, 0.10))
                sole = mix(ankle, heel, 0.55), mix(heel, toe, 0.5)
                zone |= body.limb(*sole, (0.085, 0.085))
        return zone

    def _clean(self, mask: Array) -> Array:
        return opened(closed(mask & self.inside, self.element), 3)

    def _plainness(self, upper: Array) -> float:
        """The share of the old top that has one colour: only plain tops lend their folds."""
        pixels = self.colours[thin(upper, self.element)]
        if len(pixels) < PALETTE_MIN_PIXELS:
            return 0.0
        off = colour_distance(pixels, np.median(pixels, 0), (0.25, 1, 1))
        return float((between(off, high=9)).mean())

    def _is_bulky(self, upper: Array) -> bool:
        """Whether much of the old top stands off torso and arms."""
        on_body = (
            grow(self.torso, 2 * OFF_THE_TORSO * self.body.shoulders) | self.any_arm | self.hands
        )
        top = upper & between(self.level, high=1.0)
        return bool((top & ~on_body).sum() > BULKY * max(1, top.sum()))


def _palette(pixels: Array, size: int) -> Array:
    """Up to `size` colours that make up the pixels; none when there are too few pixels."""
    if len(pixels) < PALETTE_MIN_PIXELS:
        return np.zeros((0, 3), np.float32)
    sample = np.ascontiguousarray(pixels[:: max(1, len(pixels) // 4000)], np.float32)
    size = min(size, max(1, len(sample) // 40))
    cv2.setRNGSeed(5)  # cv2.kmeans starts from random centres.
    empty = np.empty((0,), np.int32)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 15, 1.0)
    _, labels, centres = cv2.kmeans(sample, size, empty, stop, 1, cv2.KMEANS_PP_CENTERS)
    shares = np.bincount(labels.ravel(), minlength=size) / len(labels)
    return np.asarray(centres[between(shares, 0.06)])


def _palette_distance(colours: Array, palette: Array) -> Array:
    if not len(palette):
        return np.full(colours.shape[:2], NO_PALETTE, np.float32)
    distances = [colour_distance(colours, one, PALETTE_WEIGHTS) for one in palette]
    return np.asarray(np.minimum.reduce(distances))
