"""The landmarks of a garment with shoulders, read off its silhouette."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from .garment import Garment
from .notches import LEFT, RIGHT, Notch, extents, notches, runs, top_line
from .pixels import Array, average, between, grid, largest, mix, point, unit

SLICES = 24
NOTCH_DEPTH_MIN = 0.03
SLEEVE_AREA_MIN = 0.004
SLIM_ASPECT, DRESS_ASPECT, LONG_ASPECT = 0.98, 1.25, 1.6


@dataclass(frozen=True)
class Top:
    """A garment with shoulders. Pairs are (left, right) as the picture shows them."""

    solid: Array
    head: int
    hem: int
    axis: float
    armpits: tuple[Array, Array]
    tips: tuple[Array, Array]
    neck: tuple[Array, Array]
    has_sleeves: bool
    sleeves_merged: bool
    short_sleeves: bool

    @property
    def length(self) -> int:
        return self.hem - self.head

    @property
    def shoulders(self) -> float:
        return float(self.tips[1][0] - self.tips[0][0])

    @property
    def armpit_row(self) -> int:
        return int((self.armpits[0][1] + self.armpits[1][1]) / 2)


@dataclass(frozen=True)
class Sleeve:
    """A sleeve as slices across its axis: at `along[i]` it spans `low[i]` to `high[i]`."""

    root: Array
    axis: Array
    normal: Array
    length: float
    outer_length: float
    inner_length: float
    along: Array
    low: Array
    high: Array

    @property
    def cuff(self) -> Array:
        """Where the sleeve ends."""
        return np.asarray(self.root + self.axis * self.length)


def read_top(garment: Garment, sleeve: str = "") -> Top:
    """Shoulders, armpits and neck; `sleeve` ("none", "short", "long" or "") helps to decide."""
    solid = garment.solid
    rows, columns = np.where(solid.any(1))[0], np.where(solid.any(0))[0]
    head, width = int(rows[0]), int(columns[-1] - columns[0])
    axis = _axis(solid, head, int(rows[-1]))
    hem = _hem(solid, axis, width)
    armpits, gaps = _armpits(solid, axis, (head, hem))
    top = Top(
        solid=solid,
        head=head,
        hem=hem,
        axis=axis,
        armpits=(point(0, 0), point(0, 0)),
        tips=(point(0, 0), point(0, 0)),
        neck=(point(0, 0), point(0, 0)),
        has_sleeves=True,
        sleeves_merged=False,
        short_sleeves=sleeve == "short",
    )
    if armpits is not None and not sleeve and _is_flare(top, armpits):
        sleeve = "none"
    if armpits is not None and sleeve != "none" and not _hides_sleeves(top, armpits, sleeve):
        top = _with_tips(replace(top, armpits=armpits))
    elif sleeve != "none" and _sleeves_lie_on_body(solid, top, sleeve, has_gaps=all(gaps)):
        # What looked like armpits so high up were the corners of cuffs.
        short = top.short_sleeves or (armpits is not None and sleeve != "long")
        guessed = _guessed_armpits(top, gaps)
        top = replace(top, armpits=guessed, sleeves_merged=True, short_sleeves=short)
        top = _with_tips(top)
    else:
        top = _sleeveless(top)
    return replace(top, neck=_neck(top))


def _hides_sleeves(top: Top, armpits: tuple[Array, Array], sleeve: str) -> bool:
    """Whether too little is seen of sleeves beside the body: they hang before it or are none."""
    found = _with_tips(replace(top, armpits=armpits))
    sleeves = [read_sleeve(found, index) for index in (0, 1)]
    if sleeve == "long":
        return any(one is None or one.length < 0.7 * found.shoulders for one in sleeves)
    if any(sleeves):
        return False
    return not sleeve or _sleeves_lie_on_body(top.solid, top, sleeve, has_gaps=False)


def _is_flare(top: Top, armpits: tuple[Array, Array]) -> bool:
    """Whether what looks like a long sleeve, on one side alone, is the corner of a wide skirt."""
    found = _with_tips(replace(top, armpits=armpits))
    seen = [one for one in (read_sleeve(found, index) for index in (0, 1)) if one]
    return len(seen) == 1 and seen[0].length > found.shoulders


def _axis(solid: Array, head: int, foot: int) -> float:
    """The middle of the body of the garment."""
    left, right = extents(solid)
    middle = slice(int(mix(head, foot, 0.35)), int(mix(head, foot, 0.75)))
    return float(np.median((left[middle] + right[middle]) / 2))


def _hem(solid: Array, axis: float, width: int) -> int:
    """The lowest row under the axis: hanging cuffs do not count."""
    start, stop = max(0, int(axis - 0.1 * width)), int(axis + 0.1 * width) + 1
    return int(np.median(solid.shape[0] - 1 - np.argmax(solid[::-1, start:stop], axis=0)))


def _armpits(
    solid: Array, axis: float, span: tuple[int, int]
) -> tuple[tuple[Array, Array] | None, tuple[float | None, float | None]]:
    """The armpits, and where sleeves that lie on the body leave it lower down."""
    columns = np.where(solid.any(0))[0]
    width, (head, hem) = int(columns[-1] - columns[0]), span
    length = hem - head
    body = _body_width(solid, axis, span)
    found: dict[int, Notch] = {}
    gaps: dict[int, Notch] = {}
    lowest = head + 0.56 * length
    found_notches = notches(solid)
    if length > DRESS_ASPECT * width:  # The waist of a dress is a deeper notch than its armpits.
        lowest, upper = head + 0.42 * length, solid.copy()
        upper[int(lowest) + 1 :] = False
        found_notches = [notch for notch in found_notches if notch.y > lowest] + notches(upper)
    for notch in found_notches:
        side = LEFT if notch.x < axis else RIGHT
        if notch.depth < NOTCH_DEPTH_MIN * max(length, width) or not _under_a_sleeve(
            notch, side, width
        ):
            continue
        if notch.y < head + 0.1 * length or abs(notch.x - axis) < 0.4 * body:
            continue
        kind = gaps if notch.y > lowest else found
        if side not in kind or notch.depth > kind[side].depth:
            kind[side] = notch
    armpits = _paired(found, axis, columns)
    if armpits is not None and not _plausible(armpits, body, width):
        armpits = None
    left, right = gaps.get(LEFT), gaps.get(RIGHT)
    return armpits, (left.x if left else None, right.x if right else None)


def _body_width(solid: Array, axis: float, span: tuple[int, int]) -> float:
    """The width of the body of the garment, without sleeves beside it and without a skirt."""
    left, right = runs(solid, axis)
    lower = slice(int(mix(*span, 0.55)), int(mix(*span, 0.85)) + 1)
    waist = slice(int(mix(*span, 0.25)), int(mix(*span, 0.55)) + 1)
    widths = right - left
    return float(min(np.median(widths[lower]), np.percentile(widths[waist], 10)))


def _under_a_sleeve(notch: Notch, side: int, width: int) -> bool:
    """Whether the chord over the notch runs from a cuff to the hem."""
    if side == LEFT:
        outwards = min(notch.start[0], notch.end[0]) < notch.x - 0.015 * width
    else:
        outwards = max(notch.start[0], notch.end[0]) > notch.x + 0.015 * width
    return bool(outwards and max(notch.start[1], notch.end[1]) >= notch.y)


def _paired(found: dict[int, Notch], axis: float, columns: Array) -> tuple[Array, Array] | None:
    """Both armpits; a single one is mirrored."""
    if not found:
        return None
    points = {side: point(notch.x, notch.y) for side, notch in found.items()}
    for side in (LEFT, RIGHT):
        if side not in points:
            other = points[-side]
            x = float(np.clip(2 * axis - other[0], columns[0], columns[-1]))
            points[side] = point(x, other[1])
    return points[LEFT], points[RIGHT]


def _plausible(armpits: tuple[Array, Array], body: float, width: int) -> bool:
    """Whether the armpits are about level and far enough apart for a body of that width."""
    left, right = armpits
    level = abs(left[1] - right[1]) <= 0.35 * body
    return bool(level and right[0] - left[0] >= 0.22 * width)


def _sleeves_lie_on_body(solid: Array, top: Top, sleeve: str, *, has_gaps: bool) -> bool:
    """Whether a top without visible armpits has sleeves all the same."""
    left, right = extents(solid)
    widths = (right - left)[top.head : top.hem + 1]
    upper = np.percentile(widths[: int(0.5 * len(widths)) + 1], 95)
    lower = np.median(widths[int(0.6 * len(widths)) : int(0.85 * len(widths)) + 1])
    short = top.length < LONG_ASPECT * widths.max()
    broad = widths.max() > SLIM_ASPECT * max(top.length, 1) or (short and upper > lower * 1.07)
    return bool(broad or has_gaps or sleeve in {"long", "short"})


def _guessed_armpits(top: Top, gaps: tuple[float | None, float | None]) -> tuple[Array, Array]:
    columns = np.where(top.solid.any(0))[0]
    aside, row = 0.31 * (columns[-1] - columns[0]), top.head + 0.36 * top.length
    left = top.axis - aside if gaps[0] is None else gaps[0]
    right = top.axis + aside if gaps[1] is None else gaps[1]
    return point(left, row), point(right, row)


def _top_row(solid: Array, x: float) -> int:
    """The first set row of the column."""
    column = int(np.clip(round(x), 0, solid.shape[1] - 1))
    return int(np.argmax(solid[:, column]))


def _with_tips(top: Top) -> Top:
    """The shoulder tips stand above the armpits."""
    left, right = (point(pit[0], _top_row(top.solid, pit[0])) for pit in top.armpits)
    return replace(top, tips=(left, right))


def _sleeveless(top: Top) -> Top:
    """The armholes end where the garment stops getting wider."""
    left, right = extents(top.solid)
    widths = (right - left)[top.head : top.hem + 1]
    widest = np.percentile(widths[: int(0.5 * len(widths)) + 1], 98)
    reached = int(np.argmax(widths >= 0.93 * widest))
    row = top.head + int(np.clip(reached, 0.12 * top.length, 0.38 * top.length))
    tip = int(top.head + 0.05 * top.length)
    return replace(
        top,
        armpits=(point(left[row], row), point(right[row], row)),
        tips=(point(left[tip], tip), point(right[tip], tip)),
        has_sleeves=False,
    )


def _neck(top: Top) -> tuple[Array, Array]:
    """The corners of the neck: the highest points on each side of the axis."""
    line = top_line(top.solid)
    left, right = float(top.tips[0][0]), float(top.tips[1][0])
    middle = (left + right) / 2
    first = _peak(line, (mix(left, middle, 0.15), mix(left, middle, 0.92)), top, LEFT)
    second = _peak(line, (mix(right, middle, 0.92), mix(right, middle, 0.15)), top, RIGHT)
    width = second[0] - first[0]
    if not 0.16 * top.shoulders <= width <= 0.85 * top.shoulders:  # A hood, a turtleneck.
        aside = 0.19 * top.shoulders
        return (
            point(middle - aside, line[int(middle - aside)]),
            point(middle + aside, line[int(middle + aside)]),
        )
    return first, second


def _peak(line: Array, span: tuple[float, float], top: Top, side: int) -> Array:
    """The innermost of the highest points of the top line within the span."""
    last = len(line) - 1
    start, stop = (int(np.clip(x, 0, last)) for x in span)
    columns = np.arange(start, max(start, stop) + 1)
    highest = line[columns].min()
    among = columns[line[columns] <= highest + max(1, 0.008 * top.length)]
    return point(among.max() if side == LEFT else among.min(), highest)


def read_sleeve(top: Top, index: int) -> Sleeve | None:
    """The left (0) or right (1) sleeve, or nothing when too little is left of it."""
    part = sleeve_part(top, index)
    if part.sum() < SLEEVE_AREA_MIN * top.solid.sum():
        return None
    tip, pit = top.tips[index], top.armpits[index]
    root = (tip + pit) / 2
    points = np.argwhere(part)[:, ::-1].astype(np.float32)
    distance = np.linalg.norm(points - root, axis=1)
    end = points[distance > np.percentile(distance, 88)].mean(0)
    axis = unit(end - root)
    normal = point(-axis[1], axis[0])
    normal = normal if (tip - pit) @ normal > 0 else -normal
    return _sliced(points - root, root, axis, normal)


def sleeve_part(top: Top, index: int) -> Array:
    """What lies outside the seam from the shoulder tip to the armpit."""
    tip, pit, sign = top.tips[index], top.armpits[index], (LEFT, RIGHT)[index]
    coordinates = grid(*top.solid.shape)
    x, y = coordinates[..., 0], coordinates[..., 1]
    seam = mix(tip[0], pit[0], np.clip((y - tip[1]) / (pit[1] - tip[1] + 1e-6), 0, 1))
    part = top.solid & (sign * (x - seam) > 0)
    if not top.sleeves_merged:
        left, right = runs(top.solid, top.axis)
        on_body = (x >= left[:, None] - 1) & (x <= right[:, None] + 1)
        part &= ~((y > pit[1] + 2) & on_body)
    else:
        long = top.length > LONG_ASPECT * np.ptp(np.where(top.solid.any(0))[0])
        part &= y < top.head + (0.46 if top.short_sleeves or long else 1.1) * top.length
    return largest(part)


def _sliced(offsets: Array, root: Array, axis: Array, normal: Array) -> Sleeve:
    along, aside = offsets @ axis, offsets @ normal
    length = float(np.percentile(along, 99))
    steps = np.linspace(0, length, SLICES + 1)
    low, high = [-5.0], [5.0]
    for start, stop in pairwise(steps):
        slice_ = aside[between(along, start - 1e-3, stop + 1)]
        enough = len(slice_) > 2  # noqa: PLR2004 - a percentile of two points says nothing
        low.append(float(np.percentile(slice_, 1)) if enough else low[-1])
        high.append(float(np.percentile(slice_, 99)) if enough else high[-1])
    upper = aside > np.median(aside)
    return Sleeve(
        root=root,
        axis=axis,
        normal=normal,
        length=length,
        outer_length=float(np.percentile(along[upper], 98.5)),
        inner_length=float(np.percentile(along[~upper], 98.5)),
        along=(steps[:-1] + steps[1:]) / 2,
        low=average(np.array(low[1:]), 5),
        high=average(np.array(high[1:]), 5),
    )
