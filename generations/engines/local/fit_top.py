"""Fitting garments that hang from the shoulders: tops, jackets, coats and dresses."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generations.engines.base import GarmentCategory

from .fit_sleeve import Measures, SleeveCut, seam_length
from .garment import Garment
from .neckline import neck_depth
from .notches import runs, top_line
from .outline import PIT_LEVEL, Outline, measure
from .patches import Kind, Patch, Wrap
from .person import Person
from .pixels import HALF, Array, Window, average, between, blur, lab, median, mix, unit
from .seat import WAIST, Seat
from .silhouette import Sleeve, read_sleeve, read_top, sleeve_part

ROWS_ABOVE, ROWS_BELOW, COLUMNS = 24, 32, 25
TIP_REACH = 0.57
SEAM_OVERLAP = 0.06
ELBOW_GUESSED = 0.1
UNLIKE = 1.6
SHADE, TINT = 32, 14
# A wide skirt hangs: how many times as wide as the body a dress can be, from the waist down.
FLARE_LEVELS, FLARE_WIDEST = [0.8, 1.2, 2.2], [1.25, 1.6, 2.1]
LONG_SLEEVE_REACHES, STUB = 0.63, 0.3


@dataclass(frozen=True)
class Fitted:
    """The patches of a garment; `sleeves` says how much of each arm is covered, 0 to 1."""

    patches: Sequence[Patch | Wrap]
    sleeves: tuple[float, float]

    def part(self, window: Window) -> "Fitted":
        """The same patches in a part of the photo."""
        return Fitted([patch.part(window) for patch in self.patches], self.sleeves)


def fit(person: Person, garment: Garment, category: GarmentCategory, sleeve: str) -> Fitted:
    """Lay the garment over torso and arms."""
    return _Tailor(person, garment, category, sleeve).fitted()


class _Tailor:
    """Measures body and garment once, then cuts the torso and the sleeves by the measures."""

    def __init__(
        self, person: Person, garment: Garment, category: GarmentCategory, sleeve: str
    ) -> None:
        if category == GarmentCategory.OUTER:
            sleeve = sleeve or ("none" if _is_vest(garment) else "long")
        self.person, self.body = person, person.body
        self.garment, self.category, self.sleeve = garment, category, sleeve
        self.top = top = read_top(garment, sleeve)
        loose = 1.07 if category == GarmentCategory.OUTER else 1.03
        self.outline: Outline = measure(person, loose)
        self.edges = runs(top.solid, top.axis)
        self.seat = Seat(person) if category == GarmentCategory.DRESS and self.body.sits else None
        self._measure_shoulders()
        self._measure_rows()

    def fitted(self) -> Fitted:
        patches, covered = [self._torso()], [0.0, 0.0]
        sleeves = [read_sleeve(self.top, i) if self.top.has_sleeves else None for i in (0, 1)]
        for index, origin in enumerate(self._origins(sleeves)):
            sleeve = sleeves[origin]
            if sleeve is not None and self.body.sides[index].sees["elbow"] > ELBOW_GUESSED:
                cut = SleeveCut(self._measures(sleeves), sleeve, index, origin)
                patches.append(cut.patch())
                covered[index] = cut.covered
        return Fitted(patches, (covered[0], covered[1]))

    def _origins(self, sleeves: list[Sleeve | None]) -> tuple[int, int]:
        """Which sleeve of the photo each sleeve is cut from.

        One that is folded away or lies in the shade is replaced by the other one, mirrored.
        """
        left, right = (one is not None for one in sleeves)
        if left != right:
            return (0, 0) if left else (1, 1)
        if not left:
            return 0, 1
        colours = lab(self.garment.picture.astype(np.uint8))
        first, second = (np.median(colours[sleeve_part(self.top, i)], 0) for i in (0, 1))
        shaded = abs(first[0] - second[0]) > SHADE and np.abs(first - second)[1:].max() < TINT
        if not shaded:
            return 0, 1
        body = float(np.median(colours[self._chest()][..., 0]))
        return (0, 0) if abs(first[0] - body) < abs(second[0] - body) else (1, 1)

    def _chest(self) -> tuple[slice, slice]:
        """The middle of the garment's body."""
        top = self.top
        left, right = (int(mix(top.axis, pit[0], 0.5)) for pit in top.armpits)
        return slice(top.armpit_row, int(mix(top.armpit_row, top.hem, 0.6))), slice(left, right)

    def _length_hint(self, sleeves: list[Sleeve | None]) -> str:
        """What is known about the sleeves: one whose cuff lies near the hem is a long one."""
        cuffs = [float(sleeve.cuff[1]) for sleeve in sleeves if sleeve]
        reached = (max(cuffs) - self.top.head) / self.top.length
        return self.sleeve or ("long" if reached > LONG_SLEEVE_REACHES else "")

    def _measures(self, sleeves: list[Sleeve | None]) -> Measures:
        return Measures(
            person=self.person,
            outline=self.outline,
            top=self.top,
            scale=self.scale,
            tips=self.tips,
            length=self.scale * self._sleeve_length(sleeves),
            hint=self._length_hint(sleeves),
        )

    def _sleeve_length(self, sleeves: list[Sleeve | None]) -> float:
        """Both sleeves are as long as the longer one looks; very unlike ones are averaged."""
        lengths = [seam_length(self.top, one, i) for i, one in enumerate(sleeves) if one]
        return max(lengths) if max(lengths) < UNLIKE * min(lengths) else sum(lengths) / 2

    def _measure_shoulders(self) -> None:
        """Scale, and where neck and shoulder tips come to lie above the shoulder line."""
        top, width = self.top, self.body.shoulders
        shoulder = 0.92 * self.outline.shoulder_height
        if top.has_sleeves:
            self.reach = TIP_REACH * width
            self.scale = 2 * self.reach / top.shoulders
            self.tip_height = shoulder * width
        else:
            self.scale = self.outline.chest * 1.04 / max(self._width_at(top.armpit_row), 1)
            self.reach = float(np.clip(self.scale * top.shoulders / 2, 0.3 * width, 0.57 * width))
            self.tip_height = (
                float(np.interp(self.reach / width, [0.3, 0.57], [0.19, 0.09])) * width
            )
        neck = self.scale * (top.neck[1][0] - top.neck[0][0]) / 2
        widest = min(0.36 * width, 0.86 * self.reach)
        self.neck_half = float(np.clip(neck, 0.155 * width, widest))
        self.shoulder = shoulder
        self.neck_height = self._slope(self.neck_half)

    def _slope(self, aside: float) -> float:
        """How high the shoulder's outline should stand that far from the spine."""
        share = aside / self.body.shoulders
        heights = [0.14 + self.shoulder, self.shoulder]
        return float(np.interp(share, [0.155, TIP_REACH], heights)) * self.body.shoulders

    def _width_at(self, row: int) -> float:
        left, right = self.edges
        row = min(row + 2, len(left) - 1)
        return float(right[row] - left[row])

    def _measure_rows(self) -> None:
        """Which row of the garment goes to which distance below the shoulder line."""
        top, torso = self.top, self.body.torso
        self.neck_row = float(min(top.neck[0][1], top.neck[1][1]))
        tips = float(top.tips[0][1] + top.tips[1][1]) / 2
        self.tip_row = max(tips, self.neck_row + 2)
        self.hem_distance = self._hem_distance(tips)
        upper = (PIT_LEVEL * torso + self.tip_height) / self.scale
        pit = np.clip(top.armpit_row, self.tip_row + 0.72 * upper, self.tip_row + 1.45 * upper)
        self.pit_row = int(min(pit, top.hem - 0.2 * top.length))
        above = np.linspace(top.head - 3, self.pit_row, ROWS_ABOVE)
        self.rows = np.r_[above, np.linspace(self.pit_row, top.hem + 2, ROWS_BELOW + 1)[1:]]
        known = [self.neck_row, self.tip_row, self.pit_row, top.hem]
        depths = [-self.neck_height, -self.tip_height, PIT_LEVEL * torso, self.hem_distance]
        distances = np.interp(self.rows, known, depths)
        beyond = np.clip(self.rows - top.hem, 0, None) * self.scale
        before = np.clip(self.neck_row - self.rows, 0, None) * self.scale * 0.9
        self.distances = distances + beyond - before

    def _hem_distance(self, tips: float) -> float:
        """How far below the shoulder line the garment ends, in the limits of its kind."""
        torso = self.body.torso
        knees, ankles = self._knees_and_ankles()
        hem = self.scale * (self.top.hem - tips) - self.tip_height
        if self.category == GarmentCategory.DRESS:
            below = self.scale * (self.top.hem - self.top.armpit_row) + PIT_LEVEL * torso
            shortest, longest = mix(torso, knees, 0.62), mix(knees, ankles, 0.85)
            hem = float(np.clip(max(hem, below), shortest, longest))
            old = self._old_hem(self.person.upper | self.person.lower)
            return max(hem, old) if old < 1.15 * hem else hem
        longest = 1.36 * torso
        if self.category == GarmentCategory.OUTER:
            longest = max(longest, float(mix(knees, ankles, 0.5)))
        hem = float(np.clip(hem, torso, longest))
        return max(hem, min(self._old_hem(self.person.upper), 1.34 * torso))

    def _knees_and_ankles(self) -> tuple[float, float]:
        """How far cloth goes from the shoulder line to the knees and to the ankles."""
        body = self.body
        if self.seat:
            waist = WAIST * body.torso
            return waist + self.seat.knees, waist + self.seat.ankles
        knees = float(((body.left.knee + body.right.knee) / 2 - body.neck) @ body.down)
        ankles = float(((body.left.ankle + body.right.ankle) / 2 - body.neck) @ body.down)
        return knees, ankles

    def _old_hem(self, worn: Array) -> float:
        """Where the old clothes end: their hem must not show below the new one."""
        old = worn & between(np.abs(self.body.aside), high=0.35)
        level = float(np.percentile(self.body.level[old], 99.5)) if old.any() else 1.0
        return (level + 0.02) * self.body.torso

    def _torso(self) -> Patch:
        source, target = self._mesh()
        target = self._on_shoulders(source, target)
        tip = int(np.argmin(np.abs(self.rows - self.tip_row)))
        self.tips = target[tip, 0], target[tip, -1]
        if self.top.has_sleeves:
            source, target = self._under_sleeves(source, target)
        return Patch(Kind.TORSO, source, target, self._cover_with_neck_hole())

    def _mesh(self) -> tuple[Array, Array]:
        top, body = self.top, self.body
        left, right = self._garment_edges()
        halves = self._target_halves(right - left)
        hem_rows = self._hem_rows(left[-1], right[-1])
        shares = np.linspace(0, 1, COLUMNS)
        source = np.zeros((len(self.rows), COLUMNS, 2), np.float32)
        target = np.zeros_like(source)
        for i, (row, distance) in enumerate(zip(self.rows, self.distances, strict=True)):
            level = distance / body.torso
            lying = self._across(shares, (left[i], right[i]), halves[i], row)
            source[i, :, 0] = mix(left[i], right[i], shares)
            below = max(0.0, row - self.pit_row) / (top.hem - self.pit_row)
            source[i, :, 1] = row + below * (hem_rows - top.hem)
            offset = lying * halves[i].sum() - halves[i, 0]
            sag = 0.045 * halves[i].sum() * (1 - (2 * lying - 1) ** 2)
            sag = sag * np.clip((level - 0.35) / 0.7, 0, 1)
            direction = self._row_direction(level)
            target[i] = body.spine(level) + offset[:, None] * direction + sag[:, None] * body.down
            if self.seat:
                target[i] = self.seat.bent(target[i], distance - WAIST * body.torso, lying)
        return source, target

    def _across(
        self, shares: Array, edges: tuple[float, float], halves: Array, row: float
    ) -> Array:
        """Places across the body for places across the garment; the neck must meet the neck."""
        width = edges[1] - edges[0]
        first = np.clip((self.top.neck[0][0] - edges[0]) / width, 0.05, 0.45)
        second = np.clip((self.top.neck[1][0] - edges[0]) / width, 0.55, 0.95)
        total = halves.sum()
        goal_first = np.clip((halves[0] - self.neck_half) / total, 0.03, 0.46)
        goal_second = np.clip((halves[0] + self.neck_half) / total, 0.54, 0.97)
        fitted = np.interp(shares, [0, first, second, 1], [0, goal_first, goal_second, 1])
        return np.asarray(mix(shares, fitted, self._shoulder_share(row)))

    def _shoulder_share(self, row: float) -> float:
        """1 at the shoulder tips, 0 from the armpits down."""
        return float(np.clip((self.pit_row - row) / (self.pit_row - self.tip_row + 1e-6), 0, 1))

    def _row_direction(self, level: float) -> Array:
        """Rows follow the shoulders above and the hips below."""
        body = self.body
        hips = unit(body.right.hip - body.left.hip)
        if np.linalg.norm(body.right.hip - body.left.hip) <= 0.2 * body.shoulders:
            hips = body.rightward
        low = unit(body.sideward * 0.6 + hips * 0.4)
        return unit(mix(body.rightward, low, np.clip(level * 1.2, 0, 1)))

    def _garment_edges(self) -> tuple[Array, Array]:
        """The left and right edge of the garment's body at each row of the mesh."""
        top, rows = self.top, np.arange(self.pit_row, self.top.hem + 1)
        edges = []
        for index, sign in ((0, -1), (1, 1)):
            edge = self.edges[index][self.pit_row : top.hem + 1]
            edge = median(edge, 15) if len(edge) > COLUMNS else edge.copy()
            edge = self._without_sleeves(edge, index, sign)
            edge = average(_straight_end(edge), 9)
            above = np.interp(
                self.rows, [self.tip_row, self.pit_row], [top.tips[index][0], edge[0]]
            )
            below = np.interp(self.rows, rows, edge)
            edges.append(np.where(self.rows >= self.pit_row, below, above))
        return edges[0], edges[1]

    def _without_sleeves(self, edge: Array, index: int, sign: int) -> Array:
        """Sleeves that lie on or near the body must not count as its width."""
        top = self.top
        pit = top.armpits[index][0]
        if top.sleeves_merged:
            edge = sign * np.minimum(sign * edge, sign * pit)
        if not top.has_sleeves:
            return edge
        chest = float(top.armpits[1][0] - top.armpits[0][0])
        bound = np.full(len(edge), 0.73 * chest)
        if self.category == GarmentCategory.DRESS:  # Its skirt may be wide, below the cuffs.
            bound = chest * np.interp(np.linspace(0, 1, len(edge)), [0.45, 0.6], [0.62, 2.5])
        edge = sign * np.minimum(sign * edge, sign * top.axis + bound)
        sleeve_ends = top.armpit_row - self.pit_row + int(0.05 * top.length)
        start = max(3, int(0.10 * top.length), sleeve_ends)
        if len(edge) > start + 2:
            edge[:start] = np.linspace(pit, edge[start], start)
        return edge

    def _target_halves(self, garment_widths: Array) -> Array:
        """The half widths of the garment on the body, left and right, at each row."""
        halves = np.array(
            [
                [self._half(index, distance, width) for index in (0, 1)]
                for distance, width in zip(self.distances, garment_widths, strict=True)
            ]
        )
        return np.stack([average(halves[:, index], 7) for index in (0, 1)], 1)

    def _half(self, index: int, distance: float, garment_width: float) -> float:
        torso, dress = self.body.torso, self.category == GarmentCategory.DRESS
        level = distance / torso
        if level <= PIT_LEVEL:
            share = (distance + self.tip_height) / (PIT_LEVEL * torso + self.tip_height)
            chest = max(self.outline.half_width(index, 0.25), self.reach * 0.92)
            return float(mix(self.reach, chest, np.clip(share, 0, 1) ** 1.3))
        body = self.outline.half_width(index, level)
        body *= 1 + (0.02 if dress else 0.10) * max(0.0, level - 1)
        widest = 1.22 if self.top.has_sleeves else 1.2
        if dress:
            widest = float(np.interp(level, FLARE_LEVELS, FLARE_WIDEST))
        return float(np.clip(self.scale * garment_width / 2, body, body * widest))

    def _hem_rows(self, left: float, right: float) -> Array:
        """The hem's row under each column: a slanted or curved hem is levelled."""
        top, places = self.top, np.linspace(-1, 1, COLUMNS)
        solid = top.solid
        columns = np.clip(np.round(np.linspace(left, right, COLUMNS)), 0, solid.shape[1] - 1)
        lowest = solid.shape[0] - 1 - np.argmax(solid[::-1], axis=0)[columns.astype(int)]
        filled = np.asarray(solid.any(0))[columns.astype(int)]
        usable = np.asarray(lowest > mix(self.pit_row, top.hem, 0.5)) & filled
        if np.count_nonzero(usable) <= COLUMNS // 3:
            return np.full(COLUMNS, float(top.hem))
        curve = np.polyval(np.polyfit(places[usable], lowest[usable], 2), places)
        highest = top.hem - 0.25 * (top.hem - self.pit_row)
        return np.asarray(np.clip(curve, highest, top.hem + 2))

    def _on_shoulders(self, source: Array, target: Array) -> Array:
        """Move the garment's shoulder line to the outline of the shoulders."""
        line = top_line(self.top.solid)
        tip = int(np.argmin(np.abs(self.rows - self.tip_row)))
        moves = np.array(
            [
                self._shoulder_move(float(source[tip, column, 0]), target[tip, column], line)
                for column in range(COLUMNS)
            ]
        )
        known = np.isfinite(moves)
        if known.sum() <= COLUMNS // 6:
            return target
        columns = np.arange(COLUMNS)
        moves = average(np.interp(columns, columns[known], moves[known]), 5)
        shares = np.array([self._shoulder_share(row) for row in self.rows])
        return np.asarray(target + (shares[:, None] * moves)[..., None] * self.body.down)

    def _shoulder_move(self, column: float, spot: Array, line: Array) -> float:
        body, width = self.body, self.body.shoulders
        aside = float((spot - body.neck) @ body.rightward)
        if not self.neck_half * 0.98 <= abs(aside) <= self.reach * 0.97:
            return float("nan")
        row = line[int(np.clip(round(column), 0, len(line) - 1))]
        lies = float(np.interp(row, self.rows, self.distances))
        usual = self._slope(abs(aside))
        seen = self._height_above(body.neck + aside * body.rightward, usual + 0.10 * width)
        tolerance = 0.085 * width * np.clip((abs(aside) / width - 0.22) / 0.16, 0, 1)
        height = seen if seen < usual + tolerance else usual
        return float(np.clip(-height - lies - 0.012 * width, -0.14 * width, 0.06 * width))

    def _height_above(self, start: Array, most: float) -> float:
        """How far up the person reaches above the point."""
        body, height = self.body, 0.0
        while height < most:
            x, y = np.round(start - body.down * height).astype(int)
            if not (0 <= x < body.width and 0 <= y < body.height):
                break
            if self.person.silhouette[y, x] < HALF:
                break
            height += 1
        return height

    def _under_sleeves(self, source: Array, target: Array) -> tuple[Array, Array]:
        """Continue the torso a little beyond the seams, so that no gap opens at the shoulder."""
        shares = np.array([self._shoulder_share(row) for row in self.rows])
        margin = SEAM_OVERLAP * self.body.shoulders * np.sin(np.pi * shares)
        meshes = []
        for mesh, size in ((source, margin / self.scale), (target, margin)):
            direction = mesh[:, -1] - mesh[:, 0]
            direction = direction / (np.linalg.norm(direction, axis=1, keepdims=True) + 1e-6)
            step = direction * np.maximum(size, 0)[:, None]
            outer = np.concatenate([(mesh[:, 0] - step)[:, None], mesh], 1)
            meshes.append(np.concatenate([outer, (mesh[:, -1] + step)[:, None]], 1))
        return meshes[0], meshes[1]

    def _cover_with_neck_hole(self) -> Array:
        """The garment's cover without what shows of its back through the neck."""
        top, (height, width) = self.top, self.top.solid.shape
        depth = neck_depth(top, self.garment)
        middle = (top.neck[0][0] + top.neck[1][0]) / 2
        half = max(2.0, (top.neck[1][0] - top.neck[0][0]) / 2 * 0.97)
        aside = np.abs(np.arange(width) - middle) / half
        roundness = 2.2 if depth < half else 1.35
        bottom = self.neck_row + depth * np.clip(1 - aside**roundness, 0, 1)
        hole = (np.arange(height)[:, None] < bottom[None]) & (aside < 1)[None]
        return np.asarray(self.garment.cover * (1 - np.clip(blur(hole, 0.8), 0, 1)))


def _is_vest(garment: Garment) -> bool:
    """Whether the armholes are seen with no more than stubs beside them.

    Where no armhole is seen, sleeves may hang before the body.
    """
    top = read_top(garment)
    sleeves = [read_sleeve(top, index) for index in (0, 1)] if top.has_sleeves else []
    stubs = [sleeve for sleeve in sleeves if sleeve and sleeve.length < STUB * top.shoulders]
    return len(stubs) == len(top.armpits) and not top.sleeves_merged


def _straight_end(edge: Array) -> Array:
    """The edge with its last part continued straight: hems are often rounded or folded."""
    keep, back = int(len(edge) * 0.93), int(0.15 * len(edge))
    if back < 1:
        return edge
    slope = (edge[keep - 1] - edge[max(0, keep - back - 1)]) / back
    edge = edge.copy()
    edge[keep:] = edge[keep - 1] + slope * np.arange(1, len(edge) - keep + 1)
    return edge
