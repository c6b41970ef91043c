"""The shape of the body under its clothes: how wide the torso is, how high the shoulders stand."""

from dataclasses import dataclass

import numpy as np

from .person import Person
from .pixels import HALF, Array, average, between, mix

LEVELS = np.linspace(0.25, 1.0, 16)
CHEST_LEVEL, PIT_LEVEL = 0.42, 0.30


@dataclass(frozen=True)
class Outline:
    """Half widths of the torso without arms at `LEVELS`, left and right, and shoulder heights."""

    widths: tuple[Array, Array]
    shoulder_height: float

    def half_width(self, index: int, level: float) -> float:
        """The half width at that level; above and below the torso as at its ends."""
        return float(np.interp(level, LEVELS, self.widths[index]))

    @property
    def chest(self) -> float:
        return float(self.widths[0][1] + self.widths[1][1])

    @property
    def hips(self) -> float:
        return float(self.widths[0][-1] + self.widths[1][-1])


def measure(person: Person, looseness: float = 1.03) -> Outline:
    """The torso of the person, `looseness` times as wide as the silhouette shows it."""
    bare = _without_arms(person)
    usual = _usual_widths(person)
    left, right = (_side_widths(person, bare, usual, sign) * looseness for sign in (-1, 1))
    heights = [_shoulder_height(person, index) for index in (0, 1)]
    return Outline((left, right), sum(heights) / 2)


def waist_level(person: Person) -> float:
    """A little above the hem of the top, so that nothing shows between it and trousers.

    Where a short top leaves the waist bare, it is where the old trousers or skirt begin.
    """
    level, middle = person.body.level, between(np.abs(person.body.aside), high=0.22)
    upper, lower = level[person.upper & middle], level[person.lower & middle]
    hem = float(np.percentile(upper, 98)) if upper.size else 0.84
    head = float(np.percentile(lower, 1)) if lower.size else hem
    return float(np.clip(min(hem - 0.05, head), 0.68, 0.86))


def _usual_widths(person: Person) -> Array:
    """The half widths that go with the distances between shoulders and between hips."""
    body = person.body
    hips_apart = float(np.linalg.norm(body.left.hip - body.right.hip))
    hips = max(0.81 * hips_apart, 0.40 * body.shoulders)
    chest = 0.53 * body.shoulders
    waist = min(chest * 0.94, max(hips * 0.92, chest * 0.80))
    return np.interp(LEVELS, [0.25, 0.35, 0.68, 1.0], [chest, chest, waist, hips])


def _without_arms(person: Person) -> Array:
    body, bare = person.body, person.silhouette > HALF
    for side in body.sides:
        elbow_on = mix(side.shoulder, side.elbow, 0.45)
        bare &= ~body.limb(elbow_on, side.elbow, (0.147, 0.119))
        bare &= ~body.limb(side.elbow, side.wrist, (0.119, 0.085))
    return np.asarray(bare)


def _side_widths(person: Person, bare: Array, usual: Array, sign: int) -> Array:
    widths = []
    for level, expected in zip(LEVELS, usual, strict=True):
        seen = _steps_inside(bare, person.body.spine(level), sign * person.body.sideward)
        if 0.6 * expected < seen < 1.4 * expected:
            widest = 1.06 if level < CHEST_LEVEL else 1.28
            widths.append(float(np.clip(seen, 0.9 * expected, widest * expected)))
        else:  # An arm or the background reaches in: the photo does not tell.
            widths.append(float(expected))
    return average(np.array(widths), 5)


def _steps_inside(mask: Array, start: Array, direction: Array) -> int:
    """How many pixels one can go from the start before leaving the mask."""
    height, width = mask.shape
    steps = np.arange(2, height + width)
    spots = np.round(start + steps[:, None] * direction).astype(int)
    on_picture = ((spots >= 0) & (spots < (width, height))).all(1)
    spots = spots[: int(np.argmin(on_picture))] if not on_picture.all() else spots
    outside = ~mask[spots[:, 1], spots[:, 0]]
    return int(steps[int(np.argmax(outside))]) if outside.any() else 0


def _shoulder_height(person: Person, index: int) -> float:
    """How far the shoulder's outline is above its joint, in shoulder widths."""
    body, inside = person.body, person.silhouette > HALF
    heights = []
    for aside in (-0.06, 0.0, 0.06):
        x, y = body.sides[index].shoulder + np.array([aside * body.shoulders, 0])
        column = inside[: max(0, int(y)) + 1, int(np.clip(x, 0, body.width - 1))][::-1]
        heights.append(int(np.argmin(column)) if not column.all() else len(column))
    return float(np.clip(np.median(heights) / body.shoulders, 0.085, 0.165))
