"""Arms that a shorter sleeve bares: what is seen of the arm is continued up to the shoulder.

The arm below the old sleeve is read as a profile, the usual colour at each place across it, and
the profile is drawn along the arm: colour, light and width meet those of the real arm.
"""

from dataclasses import dataclass

import numpy as np

from .body import Body, Side
from .person import SKIN_LIMIT, Person
from .pixels import Array, average, between, to_segment

PROFILE_PLACES = 15
BAND_STARTS, BAND_ENDS = 0.04, 0.26
BAND_MIN_PIXELS, PLACE_MIN_PIXELS = 150, 4
NARROWEST, WIDEST = 0.10, 0.34
RADII = (0.143, 0.1075, 0.0765)


@dataclass(frozen=True)
class Arm:
    """A bare arm: its colour, and how much of each pixel it fills."""

    colour: Array
    cover: Array


def continued(person: Person, index: int, old: Array) -> Arm | None:
    """The arm as if it had no sleeve; nothing when too little of it is seen."""
    body, side = person.body, person.body.sides[index]
    along, aside = arm_places(body, side)
    hem = _hem(person, index, old, along, aside)
    if hem is None:
        return None
    band = _bare(person, index) & ~old
    band &= between(along, hem + BAND_STARTS * body.shoulders, hem + BAND_ENDS * body.shoulders)
    if band.sum() < BAND_MIN_PIXELS:
        return None
    low, high = np.percentile(aside[band], [1.5, 98.5])
    if not NARROWEST < (high - low) / body.shoulders < WIDEST:
        return None
    grown = usual_radius(side, along) / usual_radius(side, np.median(along[band]))
    middle, half = (low + high) / 2, (high - low) / 2 * np.clip(grown, 0.7, 1.4)
    place = np.clip((aside - middle) / half, -1, 1)
    colour = _profile(person.picture[band], place[band], place)
    cover = np.clip(half - np.abs(aside - middle) + 0.5, 0, 1) * (along > 0)
    return Arm(colour, cover.astype(np.float32))


def arm_places(body: Body, side: Side) -> tuple[Array, Array]:
    """For each pixel: how far down the arm it is, and how far to the side of its middle line."""
    upper, upper_at = to_segment(body.points, side.shoulder, side.elbow)
    fore, fore_at = to_segment(body.points, side.elbow, side.wrist)
    on_upper = upper <= fore
    along = np.where(on_upper, upper_at, 0) * side.upper_arm
    along += np.where(on_upper, 0, fore_at * (side.arm - side.upper_arm) + side.upper_arm)
    signs = [
        _turn(end - start, body.points - start)
        for start, end in ((side.shoulder, side.elbow), (side.elbow, side.wrist))
    ]
    return along, np.where(on_upper, upper * signs[0], fore * signs[1])


def usual_radius(side: Side, along: Array | float) -> Array:
    """How an arm gets thinner from shoulder to wrist; only its proportions matter."""
    return np.asarray(np.interp(along, [0, side.upper_arm, side.arm], RADII))


def _turn(direction: Array, offsets: Array) -> Array:
    """On which side of the direction the offsets lie."""
    return np.asarray(np.sign(direction[0] * offsets[..., 1] - direction[1] * offsets[..., 0]))


def _hem(person: Person, index: int, old: Array, along: Array, aside: Array) -> float | None:
    """How far down the arm the old sleeve ends."""
    zone = person.arms[index].upper | person.arms[index].fore
    sleeve = old & zone & (np.abs(aside) < 0.05 * person.body.shoulders)
    return float(np.percentile(along[sleeve], 97)) if sleeve.any() else None


def _bare(person: Person, index: int) -> Array:
    zone = person.arms[index]
    bare = person.skin & ~person.upper & (person.skin_distance < SKIN_LIMIT)
    return np.asarray(bare & (zone.upper | zone.fore))


def _profile(colours: Array, places: Array, wanted: Array) -> Array:
    """The median colour at each place across the arm, read off smoothly at the wanted places."""
    marks = np.linspace(-1, 1, PROFILE_PLACES)
    nearest = np.round((places + 1) / 2 * (PROFILE_PLACES - 1)).astype(int)
    filled = [i for i in range(PROFILE_PLACES) if (nearest == i).sum() >= PLACE_MIN_PIXELS]
    medians = np.array([np.median(colours[nearest == i], 0) for i in filled])
    smooth = [
        average(np.interp(marks, marks[filled], medians[:, channel]), 3) for channel in range(3)
    ]
    return np.stack([np.interp(wanted, marks, line) for line in smooth], -1).astype(np.float32)
