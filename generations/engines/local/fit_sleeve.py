"""Fitting a sleeve: cut from the garment's picture and bent along the arm."""

from dataclasses import dataclass

import numpy as np

from .body import BARELY_VISIBLE, Side
from .outline import PIT_LEVEL, Outline
from .patches import Kind, Patch
from .paths import Path
from .person import Person
from .pixels import HALF, Array, average, ease, median, mix, unit
from .silhouette import Sleeve, Top

SLEEVE_ROWS, SLEEVE_COLUMNS = 44, 13
FULL_SLEEVE, HALF_SLEEVE = 0.74, 0.58
SHORT_SLEEVE_MIN, SHORT_SLEEVE_MAX, CAP_SLEEVE = 0.30, 0.43, 0.14
PATH_POINTS = 80
FILLED_MIN = 0.4


@dataclass(frozen=True)
class Measures:
    """What the fitting of the torso found out: the sleeves must meet it at `tips`."""

    person: Person
    outline: Outline
    top: Top
    scale: float
    tips: tuple[Array, Array]
    length: float
    hint: str


def seam_length(top: Top, sleeve: Sleeve, index: int) -> float:
    """From the tip of the shoulder to the cuff, in pixels of the garment's picture."""
    if top.sleeves_merged:  # Its armpit is only guessed.
        return sleeve.length
    start = float((top.tips[index] - sleeve.root) @ sleeve.axis)
    return max(sleeve.length, sleeve.outer_length - start)


def covered_length(length: float, arm: float, hint: str) -> float:
    """How much of the arm a sleeve of that length covers, in pixels of the person's picture.

    A sleeve that lies folded or hangs aside looks shorter or longer than it is, so a short one is
    kept to the lengths that short sleeves have.
    """
    share = length / max(arm, 1)
    stretched = share < CAP_SLEEVE  # The photo shows too little of a long sleeve.
    if (hint == "long" and not stretched) or (not hint and share > FULL_SLEEVE):
        return arm
    if hint == "short" or (not hint and CAP_SLEEVE < share < HALF_SLEEVE):
        return float(np.clip(share, SHORT_SLEEVE_MIN, SHORT_SLEEVE_MAX)) * arm
    return length


class SleeveCut:
    """One sleeve of the garment, bent along an arm; `origin` tells which (0 left, 1 right)."""

    def __init__(self, measures: Measures, sleeve: Sleeve, index: int, origin: int) -> None:
        self.measures, self.sleeve, self.origin = measures, sleeve, origin
        self.body = measures.person.body
        self.side = self.body.sides[index]
        body, side = self.body, self.side
        self.tip = measures.tips[index]
        half = measures.outline.half_width(index, 0.25)
        self.pit = body.spine(PIT_LEVEL) + side.sign * half * body.rightward
        self.path = _arm_path(side)
        self.turn = 1.0
        outside = side.sign * body.rightward - 0.25 * body.down
        self.turn = 1.0 if self._outwards(2) @ outside > 0 else -1.0
        self.marks = np.linspace(0.05 * side.arm, 0.98 * side.arm, 14)
        self.radii = self._measured_radii()
        self._measure()

    def _measure(self) -> None:
        """How far down the arm the sleeve goes, outside and inside."""
        side = self.side
        wanted = covered_length(self.measures.length, side.arm, self.measures.hint)
        longest = self.path.length * 0.99
        self.outer = float(np.clip(wanted, 0.30 * side.upper_arm, longest))
        along = float((self.pit - side.shoulder) @ unit(side.elbow - side.shoulder))
        self.pit_along = float(np.clip(along, 0, 0.55 * side.upper_arm))
        self.inner = max(self.outer * 0.985, self.pit_along + 0.10 * side.upper_arm)
        self.covered = self.outer / max(side.arm, 1)

    def patch(self) -> Patch:
        columns = np.linspace(0, 1, SLEEVE_COLUMNS)[:, None]
        source, target = [], []
        for share in np.linspace(0, 1, SLEEVE_ROWS):
            outer, inner = self._source_ends(share)
            covered = self._covered(mix(outer, inner, columns))
            if covered is not None:
                source.append(mix(*covered, columns))
            outer, inner = self._target_ends(share, float(np.linalg.norm(outer - inner)))
            target.append(mix(outer, inner, columns))
        # The mesh is all cloth: what a slanted cuff leaves out is made up by stretching the rest.
        cover = np.ones_like(self.measures.top.solid, np.float32)
        return Patch(Kind.SLEEVE, _stretched(source or target), np.array(target), cover)

    def _source_ends(self, share: float) -> tuple[Array, Array]:
        """Outer and inner end of a slice of the sleeve in the garment's picture."""
        sleeve, top = self.sleeve, self.measures.top
        tip = top.tips[self.origin] - sleeve.root
        pit = top.armpits[self.origin] - sleeve.root
        outer = float(mix(tip @ sleeve.axis, sleeve.outer_length, share))
        inner = float(mix(pit @ sleeve.axis, sleeve.inner_length, share))
        high = float(np.interp(outer, sleeve.along, sleeve.high))
        low = float(np.interp(inner, sleeve.along, sleeve.low))
        start = ease(share / 0.15)
        high = mix(float(tip @ sleeve.normal), high, start)
        low = mix(float(pit @ sleeve.normal), low, start)
        upper = sleeve.root + sleeve.axis * outer + sleeve.normal * high
        lower = sleeve.root + sleeve.axis * inner + sleeve.normal * low
        margin = (upper - lower) * 0.02
        return upper + margin, lower - margin

    def _covered(self, slice_: Array) -> tuple[Array, Array] | None:
        """The ends of the part of a slice that is cloth; nothing when that is too little."""
        solid = self.measures.top.solid
        x, y = np.clip(np.round(slice_).astype(int), 0, np.array(solid.shape)[::-1] - 1).T
        filled = np.flatnonzero(solid[y, x])
        parts = np.split(filled, np.flatnonzero(np.diff(filled) > 1) + 1)
        longest = max(parts, key=len)
        if len(longest) < FILLED_MIN * SLEEVE_COLUMNS:
            return None
        return slice_[longest[0]], slice_[longest[-1]]

    def _target_ends(self, share: float, source_width: float) -> tuple[Array, Array]:
        """Outer and inner end of the slice on the arm."""
        outer_at, inner_at = share * self.outer, mix(self.pit_along, self.inner, share)
        outer_half, inner_half = self._half_widths(outer_at, inner_at, source_width)
        outer = self.path.at(outer_at) + self._outwards(outer_at) * outer_half
        inner = self.path.at(inner_at) - self._outwards(inner_at) * inner_half
        seam_outer = self.tip + self.path.at(outer_at) - self.path.at(0)
        seam_inner = self.pit + self.path.at(inner_at) - self.path.at(self.pit_along)
        return (
            mix(seam_outer, outer, ease(outer_at / (0.30 * self.side.upper_arm))),
            mix(seam_inner, inner, ease(share / 0.38)),
        )

    def _half_widths(
        self, outer_at: float, inner_at: float, source_width: float
    ) -> tuple[float, float]:
        """Cloth is wider than the arm, and wider still when the arm is held away."""
        width, half = self.body.shoulders, self.measures.scale * source_width / 2
        direction = unit(self.side.elbow - self.side.shoulder)
        away = float(np.clip((1 - direction @ self.body.down) * 3.2, 0, 1))
        outer, inner = self._arm_radius(outer_at), self._arm_radius(inner_at)
        most = outer + 0.055 * width + 0.10 * outer * away
        return (
            float(np.clip(half, outer + 0.018 * width, most)),
            float(np.clip(half, 1.05 * inner, mix(1.10, 1.55, away) * inner)),
        )

    def _usual_radius(self, along: float) -> float:
        side = self.side
        places = [0, side.upper_arm / 2, side.upper_arm, side.arm]
        radii = [0.152, 0.147, 0.125, 0.085]
        return float(np.interp(along, places, radii)) * self.body.shoulders

    def _measured_radii(self) -> Array:
        """Half the thickness of the arm, measured outwards where the background begins."""
        radii = []
        for along in self.marks:
            usual, start = self._usual_radius(along), self.path.at(along)
            steps = np.arange(0, 1.6 * usual)[:, None]
            spots = np.round(start + steps * self._outwards(along)).astype(int)
            limits = (self.body.width - 1, self.body.height - 1)
            x, y = np.clip(spots, 0, limits).T
            outside = self.measures.person.silhouette[y, x] < HALF
            seen = float(np.argmax(outside)) if outside.any() else usual
            radii.append(float(np.clip(seen, 0.62 * usual, 1.25 * usual)))
        return average(median(np.array(radii), 5), 3)

    def _arm_radius(self, along: float) -> float:
        return float(np.interp(along, self.marks, self.radii))

    def _outwards(self, along: float) -> Array:
        """The direction from the arm's middle line to the edge that is outside at the shoulder."""
        direction = self.path.direction(along)
        return np.array([-direction[1], direction[0]], np.float32) * self.turn


def _stretched(rows: list[Array]) -> Array:
    """The rows spread evenly over a whole sleeve."""
    places = np.linspace(0, len(rows) - 1, SLEEVE_ROWS)
    first = np.minimum(places.astype(int), max(0, len(rows) - 2))
    second = np.minimum(first + 1, len(rows) - 1)
    share = (places - first)[:, None, None]
    return np.asarray(mix(np.array(rows)[first], np.array(rows)[second], share), np.float32)


def _arm_path(side: Side) -> Path:
    """A smooth line from the shoulder over the elbow to just behind the wrist."""
    shoulder, elbow, wrist = side.shoulder, side.elbow, side.wrist
    corners = [
        shoulder,
        mix(shoulder, elbow, 0.5),
        mix(shoulder, elbow, 0.85),
        mix(elbow, wrist, 0.15),
        mix(elbow, wrist, 0.5),
        wrist,
        wrist + (wrist - elbow) * 0.10,
    ]
    if side.sees["wrist"] < BARELY_VISIBLE / 3:
        corners = corners[:4]
    return Path(corners, PATH_POINTS)
