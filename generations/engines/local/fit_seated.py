"""Fitting trousers on somebody who sits: they lie as the trousers lie that are worn.

Each pixel of the worn trousers has a place down a leg and across it, and shows the cloth that the
new trousers have at that place. So cloth bends with knees and keeps the folds of a lap.
"""

import numpy as np

from .fit_bottom import HOT_PANTS_NOTCH, Leg, Tailor
from .fit_top import Fitted
from .garment import Garment
from .legs import Legs, read_legs
from .notches import extents
from .patches import Wrap
from .person import Person
from .pixels import Array, blur, grow, mix
from .seat import Seat, SeatedLeg

LONG = 0.85  # of the leg: such trousers end where the worn ones do
CUFF_EDGE = 1.5
EDGE = 0.05  # of the cloth's width, where its picture may show the ground
WIDER = 0.02  # shoulder widths: the soft edge of the worn trousers


def fit(person: Person, garment: Garment, *, skirt: bool) -> Fitted:
    """Lay the garment over a lap."""
    seat, tailor = Seat(person), Tailor(person, garment)
    legs = None if skirt else read_legs(garment, notch_min=HOT_PANTS_NOTCH)
    patch = tailor.skirt(seat) if legs is None else _trousers(seat, tailor, legs)
    return Fitted([patch], (0.0, 0.0))


def _trousers(seat: Seat, tailor: Tailor, legs: Legs) -> Wrap:
    """Trousers or shorts as a wrap around the worn legs."""
    shape = seat.person.silhouette.shape
    source, cover = np.zeros((*shape, 2), np.float32), np.zeros(shape, np.float32)
    for index in (0, 1):
        leg = _TrouserLeg(seat, tailor, legs, index)
        own = seat.owned(index)
        source[own], cover[own] = leg.source()[own], leg.cover()[own]
    return Wrap(source, blur(cover, 1.0))


class _TrouserLeg:
    """Half of a pair of trousers, laid over one leg."""

    def __init__(self, seat: Seat, tailor: Tailor, legs: Legs, index: int) -> None:
        self.seat, self.tailor, self.legs, self.index = seat, tailor, legs, index
        self.person, self.body = seat.person, seat.body
        self.lies: SeatedLeg = seat.legs[index]
        self.cut = Leg(tailor, legs, index, 1.0, extents(tailor.solid))
        self.worn = self._worn()
        self.distance = self._distance()

    def _worn(self) -> Array:
        """The trousers that are worn, and the bare leg below short ones."""
        person, leg = self.person, self.lies
        worn = person.lower | (person.skin & ~person.upper & (leg.along > self.cut.start))
        worn &= ~(person.arms[0].hand | person.arms[1].hand) | person.lower
        near = leg.away < 1.2 * self.cut.radius(leg.along)
        return np.asarray((worn & near | person.lower) & self.seat.owned(self.index))

    def _distance(self) -> Array:
        """How far below the waist each pixel is: straight down at first, then along the leg."""
        below = (self.body.points - self.tailor.waist) @ self.body.down
        along = self.cut.rise - self.cut.start + self.lies.along
        return np.asarray(mix(below, along, self.seat.down_the_legs))

    def cover(self) -> Array:
        """What the new trousers cover: the worn ones with their soft edge, down to the cuff."""
        length, worn = self.cut.length, grow(self.worn, WIDER * self.body.shoulders)
        if length > LONG * self.lies.side.leg:
            return worn.astype(np.float32)
        cuff = self.cut.rise + length
        ends = np.clip((cuff - self.distance) / CUFF_EDGE, 0, 1)
        return np.asarray(worn * ends, np.float32)

    def source(self) -> Array:
        """Where in the garment's picture each pixel comes from."""
        legs, cut = self.legs, self.cut
        crotch, cuff = legs.crotch[1], legs.cuffs[self.index]
        places = [0, cut.rise, cut.rise + cut.length]
        rows = np.interp(self.distance, places, [legs.head, crotch, cuff - 2])
        inner, outer = self._columns()
        columns = np.interp(rows, np.arange(len(inner)), inner)
        columns = mix(columns, np.interp(rows, np.arange(len(outer)), outer), self._outwards())
        return np.stack([columns, rows + cut.slant(columns, rows)], -1).astype(np.float32)

    def _columns(self) -> tuple[Array, Array]:
        """The inner and the outer edge of this half of the garment in each of its rows."""
        legs = self.legs
        above = np.arange(legs.crotch[1] + 1)
        axis = np.interp(above, [legs.head, legs.crotch[1]], [legs.axis, legs.crotch[0]])
        side = extents(self.tailor.solid)[self.index][: legs.crotch[1] + 1]
        low, high = legs.edges[self.index]
        inner, outer = (high, low) if self.index == 0 else (low, high)
        return np.r_[axis, inner], np.r_[side, outer]

    def _outwards(self) -> Array:
        """0 at the inner edge of the leg or the middle of the body, 1 at the outer edge."""
        aside = self.lies.side.sign * ((self.body.points - self.tailor.waist) @ self.body.sideward)
        at_hip = aside / self.cut.hip_half
        marks, inner, outer = self.lies.edges(self.worn)
        low, high = (np.interp(self.lies.along, marks, edge) for edge in (inner, outer))
        on_leg = (self.lies.outwards - low) / np.maximum(high - low, 1)
        share = np.clip(mix(at_hip, on_leg, self.seat.down_the_legs), 0, 1)
        return np.asarray(mix(EDGE, 1 - EDGE, share))
