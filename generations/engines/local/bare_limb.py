"""Limbs that shorter clothes bare: what is seen of an arm or a leg is continued upwards.

The limb below the old clothes is read as a profile, the usual colour at each place across it, and
the profile is drawn along the limb: colour, light and width meet those of the real one. Legs of
which nothing is seen are lit as the arms are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .person import SKIN_LIMIT, Person
from .pixels import HALF, Array, Window, around, average, between, ease, to_segment

PROFILE_PLACES = 15
BAND_STARTS, BAND_ENDS = 0.04, 0.26
BAND_MIN_PIXELS, PLACE_MIN_PIXELS = 150, 4
ARM_RADII, ARM_WIDTHS = (0.143, 0.1075, 0.0765), (0.10, 0.34)
LEG_RADII, LEG_WIDTHS = (0.25, 0.15, 0.085), (0.13, 0.56)
LEG_SKIN_LIMIT = 24
LAST_HEM = 0.85
ROOM = 1.3
STARTS_SOFTLY = 0.12


@dataclass(frozen=True)
class Limb:
    """Three joints, how thick the limb usually is at each, and what may be skin of it.

    `widths` are the narrowest and the widest that it can be; all lengths in shoulder widths. Its
    masks and `points` are those of the `window` of the picture that it lies in.
    """

    joints: tuple[Array, Array, Array]
    radii: tuple[float, float, float]
    widths: tuple[float, float]
    window: Window
    points: Array
    zone: Array
    skin: Array

    @property
    def lengths(self) -> tuple[float, float]:
        """From the first joint to the second, and to the third."""
        start, middle, end = self.joints
        first = float(np.linalg.norm(middle - start))
        return first, first + float(np.linalg.norm(end - middle))

    def usual_radius(self, along: Array | float) -> Array:
        """How the limb gets thinner from joint to joint, in shoulder widths."""
        return np.asarray(np.interp(along, [0, *self.lengths], self.radii))

    @cached_property
    def places(self) -> tuple[Array, Array]:
        """For each pixel: how far down the limb it is, and how far aside of its middle line."""
        start, middle, end = self.joints
        first, whole = self.lengths
        upper, upper_at = to_segment(self.points, start, middle)
        lower, lower_at = to_segment(self.points, middle, end)
        on_upper = upper <= lower
        along = np.where(on_upper, upper_at * first, first + lower_at * (whole - first))
        upper = upper * _turn(middle - start, self.points - start)
        lower = lower * _turn(end - middle, self.points - middle)
        return along, np.where(on_upper, upper, lower)


@dataclass(frozen=True)
class Bare:
    """A bare limb in a window of the picture: its colour, and how much of each pixel it fills."""

    window: Window
    colour: Array
    cover: Array


@dataclass(frozen=True)
class _Strip:
    """A strip across a limb: colours, places across, the two edges, and where it is along."""

    colours: Array
    aside: Array
    low: float
    high: float
    along: float

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2

    @property
    def half(self) -> float:
        return (self.high - self.low) / 2

    @property
    def bright(self) -> float:
        return float(np.median(self.colours.mean(-1)))

    def profile(self, wanted: Array) -> Array:
        """The colours at places across the limb, -1 at one edge and 1 at the other."""
        place = np.clip((self.aside - self.middle) / self.half, -1, 1)
        return _profile(self.colours, place, wanted)


def arm(person: Person, index: int) -> Limb:
    """The left (0) or right (1) arm."""
    side, zone = person.body.sides[index], person.arms[index]
    joints = side.shoulder, side.elbow, side.wrist
    skin = person.skin & ~person.upper & (person.skin_distance < SKIN_LIMIT)
    return _limb(person, joints, (ARM_RADII, ARM_WIDTHS), zone.upper | zone.fore, skin)


def leg(person: Person, index: int) -> Limb:
    """The left (0) or right (1) leg."""
    body, side = person.body, person.body.sides[index]
    joints = side.hip, side.knee, side.ankle
    zone = body.limb(side.hip, side.knee, (0.34, 0.26))
    zone |= body.limb(side.knee, side.ankle, (0.2, 0.12))
    zone &= side.sign * ((body.points - body.pelvis) @ body.sideward) > 0
    skin = person.skin & ~person.upper & ~person.lower & ~person.shoes
    skin &= person.skin_distance < LEG_SKIN_LIMIT
    return _limb(person, joints, (LEG_RADII, LEG_WIDTHS), zone, skin)


def _limb(
    person: Person,
    joints: tuple[Array, Array, Array],
    sizes: tuple[tuple[float, float, float], tuple[float, float]],
    zone: Array,
    skin: Array,
) -> Limb:
    radii, widths = sizes
    window = around(joints, ROOM * widths[1] * person.body.shoulders, zone.shape)
    points = person.body.points[window]
    return Limb(joints, radii, widths, window, points, zone[window], skin[window])


def continued(person: Person, limb: Limb, old: Array) -> Bare | None:
    """The limb as if nothing covered it; nothing when too little of it is seen."""
    strip = _strip(person, limb, old)
    if strip is None:
        return None
    along, aside = limb.places
    grown = limb.usual_radius(along) / limb.usual_radius(strip.along)
    half = strip.half * np.clip(grown, 0.7, 1.6)
    colour = strip.profile(np.clip((aside - strip.middle) / half, -1, 1))
    starts = ease(along / (STARTS_SOFTLY * person.body.shoulders))
    cover = np.clip(half - np.abs(aside - strip.middle) + HALF, 0, 1) * starts
    return Bare(limb.window, colour, cover.astype(np.float32))


def lit_as_arms(person: Person, limb: Limb, arms: Sequence[Limb]) -> Array | None:
    """The colours of the limb in the light that falls on the brighter bare arm."""
    strips = [_strip(person, arm, person.upper) for arm in arms]
    seen = [strip for strip in strips if strip is not None]
    if not seen:
        return None
    along, aside = limb.places
    place = aside / (limb.usual_radius(along) * person.body.shoulders)
    return max(seen, key=lambda strip: strip.bright).profile(np.clip(place, -1, 1))


def _turn(direction: Array, offsets: Array) -> Array:
    """On which side of the direction the offsets lie."""
    return np.asarray(np.sign(direction[0] * offsets[..., 1] - direction[1] * offsets[..., 0]))


def _strip(person: Person, limb: Limb, old: Array) -> _Strip | None:
    """The limb's own skin just below the old clothes; nothing where there is too little."""
    width, (along, aside), old = person.body.shoulders, limb.places, old[limb.window]
    covered = old & limb.zone & (np.abs(aside) < 0.05 * width)
    hem = float(np.percentile(along[covered], 97)) if covered.any() else 0.0
    if hem > LAST_HEM * limb.lengths[1]:  # An ankle tells little about a thigh.
        return None
    band = limb.skin & limb.zone & ~old
    band &= between(along, hem + BAND_STARTS * width, hem + BAND_ENDS * width)
    if band.sum() < BAND_MIN_PIXELS:
        return None
    low, high = np.percentile(aside[band], [1.5, 98.5])
    if not limb.widths[0] < (high - low) / width < limb.widths[1]:
        return None
    colours, place = person.picture[limb.window][band], float(np.median(along[band]))
    return _Strip(colours, aside[band], low, high, place)


def _profile(colours: Array, places: Array, wanted: Array) -> Array:
    """The median colour at each place across the limb, read off smoothly at the wanted places."""
    marks = np.linspace(-1, 1, PROFILE_PLACES)
    nearest = np.round((places + 1) / 2 * (PROFILE_PLACES - 1)).astype(int)
    filled = [i for i in range(PROFILE_PLACES) if (nearest == i).sum() >= PLACE_MIN_PIXELS]
    medians = np.array([np.median(colours[nearest == i], 0) for i in filled])
    smooth = [
        average(np.interp(marks, marks[filled], medians[:, channel]), 3) for channel in range(3)
    ]
    return np.stack([np.interp(wanted, marks, line) for line in smooth], -1).astype(np.float32)
