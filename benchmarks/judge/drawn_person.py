"""A person of our own making, so that the judge can be tested without anybody's photo."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from generations.engines.local.pixels import Array, blur

WIDTH, HEIGHT, DETAIL = 480, 720, 2
WALL = (214, 216, 219)
HAIR, LIPS = (52, 36, 28), (176, 92, 84)
SHIRT, TROUSERS, SHOES = (70, 92, 128), (60, 58, 66), (34, 32, 34)
Point = tuple[float, float]
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Look:
    """What a test may want to be different; heights count pixels from above."""

    skin: Colour = (222, 172, 142)
    shirt_ends: int = 408
    shirt_wider: int = 0
    sits: bool = False


def draw(look: Look = Look()) -> Array:
    """One person who faces the camera, arms a little apart, `(720, 480, 3)` RGB."""
    picture = np.full((HEIGHT * DETAIL, WIDTH * DETAIL, 3), WALL, np.float32)
    for mirror in (1, -1):
        _lower_body(picture, mirror, look)
    _lay(picture, _oval((0, 104), (47, 60)), HAIR)
    _lay(picture, _polygon([(-19, 130), (19, 130), (34, 178), (0, 200), (-34, 178)]), look.skin)
    _torso(picture, look)
    _head(picture, look.skin)
    small = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    grain = np.random.default_rng(1).normal(0, 1.5, (HEIGHT, WIDTH, 1))
    return np.clip(small + grain, 0, 255).astype(np.uint8)


def _lower_body(picture: Array, mirror: int, look: Look) -> None:
    knee = (118 * mirror, 440) if look.sits else (36 * mirror, 530)
    ankle = (112 * mirror, 590) if look.sits else (37 * mirror, 656)
    toe = (ankle[0] + 7 * mirror, ankle[1] + 28)
    _lay(picture, _limb([ankle, toe], [17, 16]), SHOES)
    _lay(picture, _limb([(32 * mirror, 400), knee, ankle], [37, 26, 19]), TROUSERS)


def _torso(picture: Array, look: Look) -> None:
    _lay(picture, _both_sides([(40, 190), (50, 300), (54, 390)]), look.skin)
    for mirror in (1, -1):
        _arm(picture, mirror, look)
    wide = look.shirt_wider
    corners = [(60 + wide, 184), (50 + wide, 300), (56 + wide, look.shirt_ends)]
    _lay(picture, _both_sides([(0, 184), (22, 168), *corners]), SHIRT)


def _arm(picture: Array, mirror: int, look: Look) -> None:
    shoulder, elbow = (58 * mirror, 200), (84 * mirror, 302)
    wrist, finger = (98 * mirror, 392), (100 * mirror, 424)
    _lay(picture, _limb([shoulder, elbow, wrist, finger], [17, 15, 10, 11]), look.skin)
    wide = look.shirt_wider / 2
    _lay(picture, _limb([shoulder, (73 * mirror, 258)], [21 + wide, 21 + wide]), SHIRT)


def _both_sides(half: Sequence[Point]) -> Array:
    """The shape whose right half has these corners."""
    return _polygon([*((-x, y) for x, y in half[::-1]), *half])


def _head(picture: Array, skin: Colour) -> None:
    _lay(picture, _oval((0, 112), (36, 48)), skin)
    fringe = _oval((0, 84), (42, 36)) & (1 - _oval((0, 118), (34, 44)))
    _lay(picture, fringe, HAIR)
    for mirror in (1, -1):
        _lay(picture, _limb([(7 * mirror, 95), (22 * mirror, 94)], [2, 1.4]), HAIR)
        _lay(picture, _oval((14.5 * mirror, 104), (7, 3.6)), (236, 232, 228))
        _lay(picture, _oval((14.5 * mirror, 104), (3.4, 3.6)), (62, 44, 36))
        _lay(picture, _limb([(7.5 * mirror, 102), (22 * mirror, 102)], [1, 1]), (84, 56, 44))
        _lay(picture, _oval((4 * mirror, 125), (2.2, 1.4)), (150, 100, 84))
    nose = round(0.92 * skin[0]), round(0.90 * skin[1]), round(0.88 * skin[2])
    _lay(picture, _limb([(1.5, 106), (2.5, 122)], [1.6, 2.6]), nose)
    _lay(picture, _oval((0, 138), (13, 4.2)), LIPS)
    _lay(picture, _limb([(-12, 137.5), (12, 137.5)], [0.7, 0.7]), (120, 60, 56))


def _lay(picture: Array, mask: Array, colour: Colour) -> None:
    """Paint the mask, darker towards its edges as a round thing is, lit from the left."""
    left, top, width, height = cv2.boundingRect(mask)
    around = np.s_[max(0, top - 4) : top + height + 4, max(0, left - 4) : left + width + 4]
    part = mask[around]
    depth = cv2.distanceTransform(part, cv2.DIST_L2, 5)
    light = 0.80 + 0.22 * np.sqrt(depth / max(1.0, float(depth.max())))
    light += 0.0004 * (WIDTH * DETAIL / 2 - left - np.arange(part.shape[1]))
    cover = blur(part, DETAIL * 0.5)[..., None]
    picture[around] += (np.array(colour) * light[..., None] - picture[around]) * cover


def _oval(centre: Point, radii: Point) -> Array:
    mask = _blank()
    axes = round(radii[0] * DETAIL), round(radii[1] * DETAIL)
    return cv2.ellipse(mask, _spot(centre), axes, 0, 0, 360, 1, -1)


def _limb(joints: Sequence[Point], radii: Sequence[float]) -> Array:
    """Discs from joint to joint whose radius changes evenly."""
    mask = _blank()
    places = np.linspace(0, len(joints) - 1, 60 * len(joints))
    lines = [np.interp(places, range(len(joints)), line) for line in zip(*joints, strict=True)]
    for x, y, radius in zip(*lines, np.interp(places, range(len(joints)), radii), strict=True):
        cv2.circle(mask, _spot((x, y)), round(radius * DETAIL), 1, -1)
    return mask


def _polygon(corners: Sequence[Point]) -> Array:
    return cv2.fillPoly(_blank(), [np.array([_spot(one) for one in corners])], 1)


def _blank() -> Array:
    return np.zeros((HEIGHT * DETAIL, WIDTH * DETAIL), np.uint8)


def _spot(point: Point) -> tuple[int, int]:
    """A point as pixels; x counts from the middle of the picture."""
    return round((point[0] + WIDTH / 2) * DETAIL), round(point[1] * DETAIL)
