"""How somebody sits: where each leg lies, what it wears, and the lap between them."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from generations.engines.base import GenerationError

from . import bare_limb, outline
from .body import Side
from .paths import Path
from .person import Person
from .pixels import (
    HALF,
    Array,
    average,
    between,
    blur,
    closed,
    colour_distance,
    ease,
    largest,
    mix,
    point,
)

WAIST = 0.8
# Places down a leg at which it is measured; lengths are shares of the leg.
EDGE_PLACES, EDGE_MIN_PIXELS, PLACES_MIN = 24, 12, 4
FIRST_OUTER, LAST_PLACE = 4, 0.92
THIGH_SHARE, BARE_BELOW, CLOTHED = 0.4, 0.7, 0.55
# Lengths in shoulder widths.
LEG_REACH, CORE, OUTER_CORE, SMOOTH = 0.42, 0.13, 0.24, 0.014
BENDS, SAG, TIGHT, WIDEST = 0.4, 0.10, 1.05, 1.6
CLOTH_DISTANCE, TAIL_ENDS = 16, 1.15
FAR = 1e4  # pixels


@dataclass(frozen=True)
class SeatedLeg:
    """A leg, for each pixel: how far down it is, and how far outwards from its middle line.

    `away` is the distance to that line, far for pixels that cannot belong to the leg.
    """

    side: Side
    along: Array
    outwards: Array
    away: Array

    def edges(self, mask: Array) -> tuple[Array, Array, Array]:
        """Places down the leg, and how far inwards and outwards the mask reaches there.

        Raises `pose_unclear` where the mask shows too little of the leg.
        """
        marks, nearest = self._nearest_places(mask)
        outwards = self.outwards[mask]
        filled = [i for i in range(EDGE_PLACES) if (nearest == i).sum() >= EDGE_MIN_PIXELS]
        if len(filled) < PLACES_MIN:
            raise GenerationError("pose_unclear", "Too little is seen of the legs.")
        ends = np.array([np.percentile(outwards[nearest == i], [2, 98]) for i in filled])
        lines = (np.interp(marks, marks[filled], line) for line in ends.T)
        inner, outer = (average(line, 3) for line in lines)
        return marks, inner, outer

    def hem(self, cloth: Array, inside: Array) -> float:
        """How far down the leg its cloth goes before shoes, socks or skin begin."""
        near = inside & between(self.away, high=0.2 * self.side.leg)
        marks, nearest = self._nearest_places(near)
        counts = np.bincount(nearest, minlength=EDGE_PLACES)
        clothed = np.bincount(nearest, cloth[near], EDGE_PLACES) / np.maximum(counts, 1)
        bare = (clothed < CLOTHED) & (marks > THIGH_SHARE * self.side.leg)
        return float(marks[int(np.argmax(bare))]) if bare.any() else np.inf

    def _nearest_places(self, mask: Array) -> tuple[Array, Array]:
        marks = np.linspace(0, LAST_PLACE * self.side.leg, EDGE_PLACES)
        step = marks[1] - marks[0]
        nearest = np.clip(np.round(self.along[mask] / step), 0, EDGE_PLACES - 1)
        return marks, nearest.astype(int)


def settled(person: Person) -> Person:
    """The person with the legs read again, by where the pose has them.

    Cloth ends at its hem, where shoes begin, and what the silhouette lost of a knee is found.
    """
    seat = Seat(person)
    lower, shoes = np.zeros_like(person.lower), person.shoes.copy()
    for index, leg in enumerate(seat.legs):
        own = seat.owned(index) & np.isfinite(leg.away)
        cloth = own & _worn_on(person, leg)
        hem = leg.hem(cloth, own & (person.silhouette > HALF))
        lower |= cloth & (leg.along < hem)
        if hem > BARE_BELOW * leg.side.leg:
            shoes |= own & (person.silhouette > HALF) & (leg.along >= hem)
    lower = _smooth(lower, person) & ~person.face
    silhouette = np.maximum(person.silhouette, blur(lower, 1.0))
    upper = person.upper & ~lower & (person.body.level < TAIL_ENDS)
    return replace(person, lower=lower, upper=upper, shoes=shoes, silhouette=silhouette)


def _worn_on(person: Person, leg: SeatedLeg) -> Array:
    """What the parsing calls cloth, and what has its colour on the middle of the leg."""
    colour = np.median(person.colours[person.lower], 0) if person.lower.any() else np.zeros(3)
    alike = colour_distance(person.colours, colour, (0.5, 1.2, 1.2)) < CLOTH_DISTANCE
    reach = np.where(leg.outwards > 0, OUTER_CORE, CORE)  # Behind a knee the ground shows.
    core = leg.away < reach * person.body.shoulders
    low = person.upper & (person.body.level > TAIL_ENDS)
    return np.asarray(person.lower | low | (core & alike & ~_bare_arms(person)))


def _smooth(mask: Array, person: Person) -> Array:
    width = person.body.shoulders
    whole = largest(closed(mask, 0.06 * width))
    return np.asarray((blur(whole, SMOOTH * width) > HALF) & ~_bare_arms(person))


def _bare_arms(person: Person) -> Array:
    zones = [zone.hand | zone.fore for zone in person.arms]
    return np.asarray((zones[0] | zones[1]) & person.skin & ~person.lower)


class Seat:
    """The legs of somebody who sits, and the lines that a skirt hangs between.

    The lines begin at the ends of the waist, at level `WAIST` of the body.
    """

    def __init__(self, person: Person) -> None:
        self.person, self.body = person, person.body
        self.legs = _leg(person, 0), _leg(person, 1)
        self.left_is_nearer = self._left_is_nearer()

    def owned(self, index: int) -> Array:
        """The pixels that are nearer to that leg than to the other."""
        return self.left_is_nearer if index == 0 else ~self.left_is_nearer

    def _left_is_nearer(self) -> Array:
        """Halves of the body near its middle line, the nearer leg farther down."""
        first, last = (leg.away for leg in self.legs)
        apart = np.minimum(first, FAR) - np.minimum(last, FAR)
        aside = (self.body.points - self.body.pelvis) @ self.body.sideward
        return np.asarray(mix(aside, apart, self.down_the_legs) < 0)

    @cached_property
    def down_the_legs(self) -> Array:
        """0 at the pelvis, 1 where cloth follows the legs alone."""
        distance = np.linalg.norm(self.body.points - self.body.pelvis, axis=-1)
        return np.asarray(ease((distance / self.body.shoulders - 0.15) / 0.65))

    @cached_property
    def hems(self) -> tuple[Path, Path]:
        """The outer edges of the legs, from the waist down to the ankles."""
        left, right = (self._outer_edge(index) for index in (0, 1))
        return left, right

    @cached_property
    def knees(self) -> float:
        """How far down their outer edges the knees are, in the mean."""
        return self._below("knee")

    @cached_property
    def ankles(self) -> float:
        return self._below("ankle")

    def bent(self, hanging: Array, distance: float, shares: Array) -> Array:
        """A row of cloth that would hang so far below `WAIST`, laid over the lap instead.

        `shares` are the places of its points, 0 at its left end to 1 at its right one.
        """
        first, last = (hem.at(max(0.0, distance)) for hem in self.hems)
        sag = SAG * np.linalg.norm(last - first) * (1 - (2 * shares - 1) ** 2)
        sag = sag * np.clip(distance / self.knees, 0, 1)
        lying = mix(first, last, shares[:, None]) + sag[:, None] * self.body.down
        return np.asarray(mix(hanging, lying, ease(distance / (BENDS * self.body.shoulders))))

    def _below(self, joint: str) -> float:
        ways = []
        for hem, side in zip(self.hems, self.body.sides, strict=True):
            steps = np.linspace(0, hem.length, 60)
            apart = [np.linalg.norm(hem.at(step) - getattr(side, joint)) for step in steps]
            ways.append(float(steps[int(np.argmin(apart))]))
        return sum(ways) / 2

    def _outer_edge(self, index: int) -> Path:
        person, leg, side = self.person, self.legs[index], self.body.sides[index]
        seen = (person.silhouette > HALF) & self.owned(index) & np.isfinite(leg.away)
        marks, _, outer = leg.edges(seen & ~person.shoes)
        usual = np.interp(marks, [0, 0.5 * side.leg, side.leg], [0.24, 0.17, 0.10])
        outer = np.clip(outer, usual * self.body.shoulders, WIDEST * usual * self.body.shoulders)
        middle = Path([side.hip, side.knee, side.ankle], 90)
        edge = [
            middle.at(way) + TIGHT * width * _outwards(middle.direction(way), side.sign)
            for way, width in zip(marks[FIRST_OUTER:], outer[FIRST_OUTER:], strict=True)
        ]
        return Path([*self._hip(index), *edge], 90)

    def _hip(self, index: int) -> list[Array]:
        """The end of the waist, and that of the hip line under a thigh that hangs."""
        side, body, shape = self.body.sides[index], self.body, outline.measure(self.person)
        ends = [
            body.spine(level) + side.sign * shape.half_width(index, level) * TIGHT * body.sideward
            for level in (WAIST, 1.0)
        ]
        return ends if side.thigh @ body.down > HALF else ends[:1]


def _outwards(direction: Array, sign: int) -> Array:
    """At right angles to the way down a leg, away from the other leg."""
    return sign * point(direction[1], -direction[0])


def _leg(person: Person, index: int) -> SeatedLeg:
    side, limb = person.body.sides[index], bare_limb.leg(person, index)
    shape = person.silhouette.shape
    along, outwards = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    away = np.full(shape, np.inf, np.float32)
    along[limb.window], aside = limb.places
    outwards[limb.window] = -side.sign * aside
    near = np.abs(aside) < LEG_REACH * person.body.shoulders
    away[limb.window] = np.where(near, np.abs(aside), np.inf)
    return SeatedLeg(side, along, outwards, away)
