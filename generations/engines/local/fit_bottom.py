"""Fitting garments that hang from the waist: trousers, shorts and skirts."""

from functools import cached_property

import numpy as np
from numpy.polynomial import Polynomial

from generations.engines.base import GenerationError

from .body import BARELY_VISIBLE, Side
from .fit_top import Fitted
from .garment import Garment
from .legs import Legs, read_legs
from .notches import extents, runs, top_line
from .outline import measure, waist_level
from .patches import Kind, Patch
from .paths import Path
from .person import Person
from .pixels import HALF, Array, across, average, between, ease, median, mix, unit
from .seat import WAIST, Seat

SKIRT_ROWS, SKIRT_COLUMNS = 40, 21
HIP_ROWS, LEG_ROWS, LEG_COLUMNS = 20, 41, 13
CROTCH_DROP = 0.33
WAIST_SLANT, UNDER_THE_TOP = 0.12, 0.07
HOT_PANTS_NOTCH = 0.05
# How long trousers are: length over width in the picture -> share of the leg that is covered.
LENGTH_RATIOS = [0.70, 0.90, 1.10, 1.35, 1.55]
LENGTH_SHARES = [0.14, 0.32, 0.46, 0.70, 1.02]


def fit(person: Person, garment: Garment, *, skirt: bool) -> Fitted:
    """Lay the garment over hips and legs that hang; refuses photos that end above the hips."""
    body = person.body
    hips = [side.sees["hip"] for side in body.sides]
    lowest = max(float(side.hip[1]) for side in body.sides)
    if min(hips) < BARELY_VISIBLE or lowest > 0.97 * body.height:
        raise GenerationError("lower_body_not_visible")
    legs = None if skirt else read_legs(garment, notch_min=HOT_PANTS_NOTCH)
    tailor = Tailor(person, garment)
    return Fitted([tailor.skirt()] if legs is None else tailor.trousers(legs), (0.0, 0.0))


class Tailor:
    """Measures the body below the waist, then cuts a skirt or two legs by the measures."""

    def __init__(self, person: Person, garment: Garment) -> None:
        self.person, self.body, self.garment = person, person.body, garment
        self.outline = measure(person, 1.02)
        self.solid = garment.solid
        rows = np.where(self.solid.any(1))[0]
        self.head, self.foot = int(rows[0]), int(rows[-1])
        self.waist_level = waist_level(person) - (0 if self.body.sits else UNDER_THE_TOP)
        self.waist = self.body.spine(self.waist_level)
        hips = unit(self.body.right.hip - self.body.left.hip)
        self.direction = unit(self.body.sideward * 0.5 + hips * 0.5)

    @cached_property
    def waistline(self) -> Array:
        """How far below the head the garment begins in each column: a curve without notches."""
        line = top_line(self.solid) - self.head
        columns = np.flatnonzero(line < WAIST_SLANT * (self.foot - self.head))
        columns = columns[between(columns, *np.percentile(columns, [4, 96]))]
        curve = Polynomial.fit(columns, line[columns], 2)
        columns = columns[line[columns] <= curve(columns) + 2]
        curve = Polynomial.fit(columns, line[columns], 2)
        inside = np.clip(np.arange(len(line)), columns[0], columns[-1])
        return np.asarray(np.clip(curve(inside), 0, None))

    @cached_property
    def cover(self) -> Array:
        """The garment's cover with the notches closed that a cord or a label leaves in a waist."""
        line, columns = top_line(self.solid), np.flatnonzero(self.solid.any(0))
        shallow = line - self.head < 2 * WAIST_SLANT * (self.foot - self.head)
        shallow &= between(np.arange(len(line)), *np.percentile(columns, [15, 85]))
        rows = np.arange(len(self.solid))[:, None]
        notch = (rows >= self.head + self.waistline) & (rows <= line + 2) & shallow
        return np.where(notch, 1, self.garment.cover).astype(np.float32)

    def _below(self, points: tuple[Array, Array]) -> float:
        """How far below the waist the middle of the two points is."""
        return float(((points[0] + points[1]) / 2 - self.waist) @ self.body.down)

    def skirt(self, seat: Seat | None = None) -> Patch:
        """A skirt: as wide as the hips where it is fitted, as wide as in its picture below.

        On a seat it lies over the lap and falls from the knees.
        """
        left, right = self._skirt_edges()
        length = self.foot - self.head
        hip_rows = slice(int(0.25 * length), int(0.45 * length))
        scale = self.outline.hips * 1.06 / max(1.0, float(np.median((right - left)[hip_rows])))
        drop = self._drop(scale * length, seat)
        rows = np.linspace(self.head - 2, self.foot + 2, SKIRT_ROWS)
        shares = np.linspace(0, 1, SKIRT_COLUMNS)
        source = np.zeros((SKIRT_ROWS, SKIRT_COLUMNS, 2), np.float32)
        target = np.zeros_like(source)
        for i, row in enumerate(rows):
            distance = (row - self.head) / length * drop
            first, last = (np.interp(row - self.head, np.arange(len(e)), e) for e in (left, right))
            source[i, :, 0], source[i, :, 1] = mix(first, last, shares), row
            target[i] = self._hanging(distance, scale * (last - first) / 2, shares)
            if seat:
                target[i] = seat.bent(target[i], self._on_seat(distance), shares)
        return Patch(Kind.TORSO, source, target, self.garment.cover)

    def _drop(self, length: float, seat: Seat | None) -> float:
        """How far below the waist the hem comes: from above the knees to the ankles."""
        if seat:
            knees, ankles = (way - self._on_seat(0) for way in (seat.knees, seat.ankles))
        else:
            body = self.body
            knees = self._below((body.left.knee, body.right.knee))
            ankles = self._below((body.left.ankle, body.right.ankle))
        return float(np.clip(length, 0.45 * knees, 0.98 * ankles))

    def _on_seat(self, distance: float) -> float:
        """The same distance from where the lines of a seat begin."""
        return distance - (WAIST - self.waist_level) * self.body.torso

    def _hanging(self, distance: float, wanted: float, shares: Array) -> Array:
        """A row of a skirt that hangs, so far below the waist."""
        halves = self._skirt_halves(distance, wanted)
        sag = 0.04 * sum(halves) * (1 - (2 * shares - 1) ** 2)
        sag = sag * min(1.0, max(0.0, distance / (0.3 * self.body.torso)))
        offset = mix(-halves[0], halves[1], shares)
        row = self.waist + self.body.down * distance
        return np.asarray(row + offset[:, None] * self.direction + sag[:, None] * self.body.down)

    def _skirt_edges(self) -> tuple[Array, Array]:
        axis = float(np.median(np.argwhere(self.solid)[:, 1]))
        edges = (edge[self.head : self.foot + 1] for edge in runs(self.solid, axis))
        left, right = (average(median(edge, 11), 7) for edge in edges)
        return left, right

    def _skirt_halves(self, distance: float, wanted: float) -> tuple[float, float]:
        level = self.waist_level + distance / self.body.torso
        flare = 1.04 + max(0.0, level - self.waist_level) * 1.6
        first, second = (self.outline.half_width(index, level) for index in (0, 1))
        return (
            float(np.clip(wanted, first, first * flare)),
            float(np.clip(wanted, second, second * flare)),
        )

    def trousers(self, legs: Legs) -> list[Patch]:
        """The two halves of trousers or shorts on legs that hang."""
        left, right = extents(self.solid)
        hip_row = int(mix(legs.head, legs.crotch[1], 0.75))
        scale = self.outline.hips * 1.05 / max(1.0, float(right[hip_row] - left[hip_row]))
        return [Leg(self, legs, index, scale, (left, right)).patch() for index in (0, 1)]


class Leg:
    """Half of a pair of trousers: straight down to the crotch, then along the leg."""

    def __init__(
        self,
        tailor: Tailor,
        legs: Legs,
        index: int,
        scale: float,
        edges: tuple[Array, Array],
    ) -> None:
        self.tailor, self.legs, self.index = tailor, legs, index
        self.scale, self.edges = scale, edges
        self.body = tailor.body
        self.side: Side = self.body.sides[index]
        width = self.body.shoulders
        self.crotch = self.body.pelvis + self.body.down * (CROTCH_DROP * width)
        self.rise = float((self.crotch - tailor.waist) @ self.body.down)
        self.path = _leg_path(self.side)
        self.start = 0.9 * CROTCH_DROP * width
        self.length = self._length()
        self.hip_half = tailor.outline.half_width(index, 1.0)

    def _length(self) -> float:
        """How far down the leg the cuff comes."""
        free = self.side.leg - CROTCH_DROP * self.body.shoulders
        legs, (left, right) = self.legs, self.edges
        width = float(np.percentile((right - left)[legs.head : legs.crotch[1]], 90))
        ratio = (legs.cuffs[self.index] - legs.head) / max(1.0, width)
        share = float(np.interp(ratio, LENGTH_RATIOS, LENGTH_SHARES))
        return float(np.clip(share, 0.12, 1.02)) * free

    def patch(self) -> Patch:
        cuff, crotch = self.legs.cuffs[self.index], self.legs.crotch[1]
        above = np.linspace(self.legs.head - 2, crotch, HIP_ROWS)
        rows = np.r_[above, np.linspace(crotch, cuff + 2, LEG_ROWS)[1:]]
        shares = np.linspace(0, 1, LEG_COLUMNS)
        source = np.zeros((len(rows), LEG_COLUMNS, 2), np.float32)
        target = np.zeros((len(rows), LEG_COLUMNS, 2), np.float32)
        for i, row in enumerate(rows):
            ends = self._hip_row(row) if row <= crotch else self._leg_row(row, crotch, cuff)
            source_outer, source_inner, outer, inner = ends
            source[i, :, 0] = mix(source_outer, source_inner, shares)
            source[i, :, 1] = row + self.slant(source[i, :, 0], row)
            target[i] = mix(outer, inner, shares[:, None])
        return Patch(Kind.LEG, source, target, self.tailor.cover)

    def slant(self, columns: Array, row: Array | float) -> Array:
        """How much lower a row lies at those columns: a waist that lies slanted is put level."""
        legs = self.legs
        last = len(self.tailor.waistline) - 1
        share = np.clip((legs.crotch[1] - row) / (legs.crotch[1] - legs.head), 0, 1)
        return np.asarray(self.tailor.waistline[np.clip(columns, 0, last).astype(int)] * share)

    def _hip_row(self, row: float) -> tuple[float, float, Array, Array]:
        """Both halves reach a little over the middle, so that no gap opens between them."""
        legs, tailor = self.legs, self.tailor
        axis = float(np.interp(row, [legs.head, legs.crotch[1]], [legs.axis, legs.crotch[0]]))
        edge = self.edges[self.index]
        outer = float(np.interp(row, np.arange(len(edge)), edge))
        distance = (row - legs.head) / (legs.crotch[1] - legs.head) * self.rise
        level = tailor.waist_level + distance / self.body.torso
        half = tailor.outline.half_width(self.index, level)
        half = float(np.clip(self.scale * abs(axis - outer), half, 1.10 * half))
        middle = tailor.waist + self.body.down * distance
        far = middle + self.side.sign * half * tailor.direction
        return outer, axis + (axis - outer) * 0.03, far, middle + (middle - far) * 0.03

    def _leg_row(self, row: float, crotch: int, cuff: int) -> tuple[float, float, Array, Array]:
        first, last = (
            float(np.interp(row, np.arange(len(edge)) + crotch + 1, edge))
            for edge in self.legs.edges[self.index]
        )
        outer, inner = (first, last) if self.index == 0 else (last, first)
        share = (row - crotch) / max(1, cuff - crotch)
        along = self.start + share * self.length
        middle = self.path.at(along)
        away = across(self.path.direction(along), self.side.sign * self.tailor.direction)
        usual = float(self.radius(along))
        half = float(np.clip(self.scale * abs(last - first) / 2, 1.05 * usual, 1.75 * usual))
        moved = middle - self.path.at(self.start)
        hip = self.crotch + self.side.sign * self.tailor.direction * self.hip_half
        start = ease(share / 0.22)
        return (
            outer,
            inner,
            mix(hip + moved, middle + away * half, start),
            mix(self.crotch + moved, middle - away * half, start),
        )

    def radius(self, along: Array | float) -> Array:
        """How thick the leg usually is that far down."""
        places, radii = [0, 0.15, 0.5, 0.75, 1.0], [0.27, 0.25, 0.17, 0.15, 0.10]
        share = np.asarray(along) / max(self.side.leg, 1)
        return np.asarray(np.interp(share, places, radii)) * self.body.shoulders


def _leg_path(side: Side) -> Path:
    """A smooth line from the hip over the knee to just below the ankle."""
    hip, knee, ankle = side.hip, side.knee, side.ankle
    corners = [
        hip,
        mix(hip, knee, HALF),
        knee,
        mix(knee, ankle, HALF),
        ankle,
        ankle + (ankle - knee) * 0.08,
    ]
    return Path(corners, 90)
