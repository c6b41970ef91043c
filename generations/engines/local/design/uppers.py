"""The cut of garments that hang from the shoulders."""

from dataclasses import dataclass

import numpy as np

from generations.engines.local.pixels import mix

from .canvas import MIDDLE, SIZE, Line, arc, curve, mirrored
from .pieces import Button, Cord, Crease, Garment, Piece, Point
from .prompt import Design, Kind

Rng = np.random.Generator

HEMS = {
    Kind.T_SHIRT: 852,
    Kind.LONGSLEEVE: 852,
    Kind.TANK: 840,
    Kind.SHIRT: 880,
    Kind.HOODIE: 850,
    Kind.SWEATER: 846,
    Kind.JACKET: 826,
    Kind.COAT: 962,
    Kind.DRESS: 880,
}
SCALES = {Kind.COAT: 0.90, Kind.DRESS: 0.78}
OPEN_FRONT = {Kind.SHIRT, Kind.JACKET, Kind.COAT}
RIBBED = {Kind.HOODIE, Kind.SWEATER, Kind.JACKET}


@dataclass(frozen=True)
class Cut:
    """The measures of an upper garment, in pixels; halves are from the middle line."""

    kind: Kind
    top: float
    scale: float
    neck: float
    neck_depth: float
    pointed: bool
    shoulder: float
    chest: float
    waist: float
    waist_row: float
    hem: float
    hem_row: float
    sleeve: str

    @property
    def pit(self) -> Point:
        return (MIDDLE - self.chest, self.top + 190 * self.scale)

    @property
    def tip(self) -> Point:
        return (MIDDLE - self.shoulder, self.top + 50 * self.scale)

    def row(self, below_top: float) -> float:
        return self.top + below_top * self.scale


def cut(design: Design) -> Cut:
    """The measures of the design."""
    kind, scale = design.kind, SCALES.get(design.kind, 1.0)
    wide = {"wide": 1.10, "slim": 0.90}.get(design.fit, 1.0)
    wide *= 1.08 if kind in {Kind.HOODIE, Kind.COAT} else 1.0
    dress, top = kind == Kind.DRESS, 90.0 if kind == Kind.DRESS else 150.0
    top = 190.0 if kind == Kind.HOODIE else top
    chest = 194 * wide * scale
    shoulder = 205 * wide * scale * (0.74 if design.sleeve == "none" else 1.0)
    row = HEMS[kind] + {"long": 90, "short": -130}.get(design.length, 0) * (1 if dress else 0.5)
    neck = 76 * scale * (1.12 if design.sleeve == "none" else 1.0)
    depth = 128 if design.neck == "v" else 62
    depth = 150 if kind == Kind.COAT else depth
    return Cut(
        kind=kind,
        top=top,
        scale=scale,
        neck=neck,
        neck_depth=depth * scale * (1.35 if kind == Kind.TANK else 1.0),
        pointed=design.neck == "v" or kind == Kind.COAT,
        shoulder=max(shoulder, neck + 42),
        chest=chest * (0.92 if design.sleeve == "none" else 1.0),
        waist=chest * (0.74 if dress else 0.96),
        waist_row=top + (350 if dress else 430) * scale,
        hem=_hem_half(design, chest),
        hem_row=min(float(row), 980.0),
        sleeve=design.sleeve,
    )


def _hem_half(design: Design, chest: float) -> float:
    if design.kind == Kind.DRESS:
        return {"slim": 165.0, "wide": 300.0}.get(design.fit, 252.0)
    return chest * {Kind.COAT: 1.10}.get(design.kind, 1.0)


def sew(design: Design, rng: Rng) -> Garment:
    """The pieces of an upper garment."""
    measures = cut(design)
    pieces = [*_hood(measures), _back_of_neck(measures)]
    if measures.sleeve != "none":
        for sleeve in _sleeve(measures, rng):
            pieces += [sleeve, sleeve.mirrored()]
    pieces += _body(measures, rng)
    pieces += _neck_finish(design, measures)
    if design.kind == Kind.HOODIE:
        pieces.append(_kangaroo_pocket(measures))
    if design.kind in {Kind.COAT, Kind.JACKET}:
        pocket = _side_pocket(measures)
        pieces += [pocket, pocket.mirrored()]
    label = None if design.neck == "high" else (MIDDLE, measures.row(18))
    if design.kind == Kind.HOODIE:
        label = None
    return Garment(pieces, _buttons(measures), _cords(measures), label)


def _neckline(measures: Cut) -> Line:
    """The front of the neck from the left corner to the right one."""
    left, right = MIDDLE - measures.neck, MIDDLE + measures.neck
    if measures.pointed:
        point = (MIDDLE, measures.top + measures.neck_depth)
        return [
            (left, measures.top),
            *curve([(left, measures.top), point])[1:-1],
            point,
            (right, measures.top),
        ]
    radii = (measures.neck, measures.neck_depth)
    return list(reversed(arc((MIDDLE, measures.top), radii, (0, 180))))


def _back_of_neck(measures: Cut) -> Piece:
    """The inside of the back, seen through the neck."""
    back = arc((MIDDLE, measures.top - 3), (measures.neck + 3, 15 * measures.scale), (0, 180))
    return Piece([*_neckline(measures), *back], tint=0.55, rounding=20, plain=True)


def _armhole(measures: Cut) -> Line:
    """From the shoulder tip to the armpit."""
    inset = 26 if measures.sleeve == "none" else 10
    x, y = measures.tip
    return curve([(x, y), (x + inset, y + 60 * measures.scale), measures.pit])


def _hem_line(measures: Cut) -> Line:
    """From left to right, sagging a little in the middle."""
    sag = 24 if measures.kind == Kind.DRESS else 12
    return [
        (MIDDLE + share * measures.hem, measures.hem_row + sag * (1 - share**2))
        for share in np.linspace(-1, 1, 25).tolist()
    ]


def _left_side(measures: Cut) -> Line:
    """From the neck over the shoulder and down to the hem."""
    neck, tip = (MIDDLE - measures.neck, measures.top), measures.tip
    bend = (mix(neck[0], tip[0], 0.55), mix(neck[1], tip[1], 0.42))
    side = [measures.pit, (MIDDLE - measures.waist, measures.waist_row)]
    if measures.kind == Kind.DRESS:
        side.append((MIDDLE - mix(measures.waist, measures.hem, 0.55), measures.waist_row + 110))
    side.append((MIDDLE - measures.hem, measures.hem_row))
    return [*curve([neck, bend, tip]), *_armhole(measures)[1:], *curve(side)[1:]]


def _body(measures: Cut, rng: Rng) -> list[Piece]:
    left, hem, kind = _left_side(measures), _hem_line(measures), measures.kind
    whole = [*left, *hem[1:-1], *mirrored(left), *reversed(_neckline(measures)[1:-1])]
    creases = _body_creases(measures, rng)
    band = 46 if kind in RIBBED else 0
    above = [(x, y - 22) for x, y in hem[1:-1]]
    stitches = [] if band else [above, [(x, y - 6) for x, y in above]]
    seams: list[Line] = []
    if measures.sleeve != "none":
        seams += [_armhole(measures), mirrored(_armhole(measures))]
    if kind == Kind.DRESS:
        waist, row = measures.waist, measures.waist_row
        seams.append(
            [(MIDDLE + s * waist, row + 10 * (1 - s**2)) for s in np.linspace(-1, 1, 15).tolist()]
        )
    if kind in OPEN_FRONT:
        seams += _front_edges(measures)
    body = Piece(whole, creases=creases, seams=seams, stitches=stitches, shadow=4)
    return [body, *([_rib_band(hem, band)] if band else [])]


def _front_edges(measures: Cut) -> list[Line]:
    start, end = measures.top + measures.neck_depth, measures.hem_row + 10
    offsets = (-17, 17) if measures.kind == Kind.SHIRT else (0,)
    offsets = (-4, 60) if measures.kind == Kind.COAT else offsets
    return [[(MIDDLE + offset, start), (MIDDLE + offset, end)] for offset in offsets]


def _rib_band(hem: Line, height: float) -> Piece:
    """The knitted band at the hem."""
    inner = [(mix(x, MIDDLE, 0.03), y - height) for x, y in reversed(hem)]
    return Piece([*hem, *inner], ribs=9, rounding=16, plain=True, shadow=2)


def _body_creases(measures: Cut, rng: Rng) -> list[Crease]:
    """Pulls from the armpits, soft folds down the sides, and the fall of a skirt."""
    creases, scale = [], measures.scale
    for sign in (-1, 1):
        for index in range(4):
            start = (MIDDLE + sign * (measures.chest - 8), measures.pit[1] + 2 + 9 * index)
            angle, length = np.radians(rng.uniform(20, 66)), rng.uniform(110, 240) * scale
            end = (start[0] - sign * length * np.cos(angle), start[1] + length * np.sin(angle))
            creases.append(_crease(start, end, rng, (8, 15), (2.5, 5.5)))
        for _ in range(3):
            row = rng.uniform(
                measures.pit[1] + 110, max(measures.pit[1] + 150, measures.hem_row - 90)
            )
            start = (MIDDLE + sign * measures.waist * 0.97, row)
            end = (MIDDLE + sign * rng.uniform(20, 90), row + rng.uniform(40, 120))
            creases.append(_crease(start, end, rng, (10, 19), (2.0, 4.5)))
    if measures.kind == Kind.DRESS:
        for share in np.linspace(-0.94, 0.94, 12) + rng.uniform(-0.05, 0.05, 12):
            start = (MIDDLE + share * measures.waist, measures.waist_row + 4)
            end = (MIDDLE + share * measures.hem * 1.05, measures.hem_row + 130)
            creases.append(_crease(start, end, rng, (13, 24), (6, 11), bend=0.015))
    if measures.kind in RIBBED:
        for share in rng.uniform(-0.95, 0.95, 15):
            x = MIDDLE + share * measures.hem
            start = (x, measures.hem_row - 30)
            end = (x + rng.uniform(-16, 16), measures.hem_row - rng.uniform(110, 190))
            creases.append(_crease(start, end, rng, (7, 12), (2, 4.5)))
    return creases


def _crease(  # noqa: PLR0913, PLR0917 - a crease has two ends and three ranges
    start: Point,
    end: Point,
    rng: Rng,
    width: tuple[float, float],
    rise: tuple[float, float],
    bend: float = 0.05,
) -> Crease:
    bent = float(rng.uniform(-bend, bend))
    return Crease(start, end, float(rng.uniform(*width)), float(rng.uniform(*rise)), bent)


def _sleeve(measures: Cut, rng: Rng) -> list[Piece]:
    """The left sleeve, and its cuff if it has one."""
    long, scale = measures.sleeve == "long", measures.scale
    angle = float(np.radians(15 if long else 35))
    length = (640 if long else 235) * scale
    width = (92 if long else 132) * scale
    along, across = (
        np.array([-np.sin(angle), np.cos(angle)]),
        np.array([np.cos(angle), np.sin(angle)]),
    )
    tip, pit = np.array(measures.tip), np.array(measures.pit)
    outer = tip + along * length
    inner = outer + across * width
    bulge = tip + along * length * 0.45 - across * (13 if long else 6)
    hollow = mix(pit, inner, 0.5) + across * (-7.0 if long else 2.0)
    outline = [
        *curve([tuple(tip), tuple(bulge), tuple(outer)]),
        *curve([tuple(inner), tuple(hollow), tuple(pit)]),
        *reversed(_armhole(measures)[2:-1]),
    ]
    shirt_cuff = 58 if measures.kind == Kind.SHIRT else 0
    cuff = 44 if measures.kind in RIBBED else shirt_cuff
    edge = [tuple(outer - along * 20), tuple(inner - along * 20)]
    sleeve = Piece(
        outline,
        turn=float(np.degrees(angle)),
        rounding=60,
        creases=_sleeve_creases((tip, pit), (outer, inner), rng, long=long),
        stitches=[] if cuff and long else [edge],
        shadow=3,
    )
    return [
        sleeve,
        *([_cuff((outer, inner), along * cuff, measures, angle)] if cuff and long else []),
    ]


def _cuff(
    ends: tuple[np.ndarray, np.ndarray], up: np.ndarray, measures: Cut, angle: float
) -> Piece:
    outer, inner = ends
    shirt = measures.kind == Kind.SHIRT
    outline = [tuple(outer), tuple(inner), tuple(inner - up), tuple(outer - up)]
    seam = [tuple(outer - up * 0.88), tuple(inner - up * 0.88)]
    return Piece(
        outline,
        turn=float(np.degrees(angle)),
        ribs=0 if shirt else 9,
        rounding=14,
        plain=not shirt,
        shadow=2,
        stitches=[seam] if shirt else [],
    )


def _sleeve_creases(
    root: tuple[np.ndarray, np.ndarray],
    cuff: tuple[np.ndarray, np.ndarray],
    rng: Rng,
    *,
    long: bool,
) -> list[Crease]:
    """Folds across the sleeve: near the armpit, at the elbow and above the cuff."""
    creases = []
    places = [0.12, 0.24, 0.42, 0.50, 0.57, 0.72, 0.84, 0.92] if long else [0.22, 0.45, 0.7]
    for place in places:
        share = place + float(rng.uniform(-0.03, 0.03))
        outer, inner = mix(root[0], cuff[0], share), mix(root[1], cuff[1], share)
        start, end = mix(inner, outer, -0.05), mix(inner, outer, float(rng.uniform(0.55, 0.95)))
        end = end - np.array([0, rng.uniform(0, 46)])
        creases.append(_crease(tuple(start), tuple(end), rng, (7, 12), (2.5, 5.5)))
    return creases


def _neck_finish(design: Design, measures: Cut) -> list[Piece]:
    kind = design.kind
    if kind == Kind.SHIRT:
        collar = _shirt_collar(measures)
        return [collar, collar.mirrored()]
    if kind == Kind.COAT:
        lapel = _lapel(measures)
        return [lapel.mirrored(), lapel]
    if design.neck == "high":
        return [_rolled_neck(measures)]
    if kind == Kind.JACKET:
        collar = _stand_collar(measures)
        return [collar, collar.mirrored()]
    if kind == Kind.HOODIE:
        edge = _hood_edge(measures)
        return [edge, edge.mirrored()]
    return [_neck_band(measures)]


def _neck_band(measures: Cut) -> Piece:
    """The rib along the neckline, or a narrow facing."""
    width = (30 if measures.kind == Kind.SWEATER else 19) * measures.scale
    line = _neckline(measures)
    centre = (MIDDLE, measures.top - 0.2 * measures.neck)
    outer = []
    for x, y in line:
        dx, dy = x - centre[0], y - centre[1]
        reach = float(np.hypot(dx, dy))
        outer.append((x + dx / reach * width, y + dy / reach * width))
    outer[0], outer[-1] = (
        (outer[0][0], outer[0][1] + 3),
        (outer[-1][0], outer[-1][1] + 3),
    )
    stitches = [[(x + (x - MIDDLE) * 0.05, y + 6) for x, y in outer[2:-2]]]
    ribs = 7 if measures.kind != Kind.DRESS else 0
    outline = [*line, *reversed(outer)]
    return Piece(outline, ribs=ribs, rounding=9, plain=True, shadow=2, stitches=stitches)


def _rolled_neck(measures: Cut) -> Piece:
    """A turned-down neck tube."""
    top, wide = measures.top, measures.neck + 8
    left = curve(
        [(MIDDLE - wide + 8, top - 66), (MIDDLE - wide, top - 20), (MIDDLE - wide - 8, top + 22)]
    )
    bottom = [
        (MIDDLE + s * (wide + 8), top + 22 + 22 * (1 - s * s))
        for s in np.linspace(-1, 1, 13).tolist()
    ]
    upper = [
        (MIDDLE + s * (wide - 8), top - 66 + 8 * (1 - s * s))
        for s in np.linspace(1, -1, 13).tolist()
    ]
    return Piece(
        [*left, *bottom[1:-1], *mirrored(left), *upper[1:-1]], ribs=9, rounding=34, plain=True
    )


def _shirt_collar(measures: Cut) -> Piece:
    top, neck, front = measures.top, measures.neck, measures.top + measures.neck_depth
    outline = [
        *curve(
            [
                (MIDDLE - neck + 4, top - 20),
                (MIDDLE - neck - 22, top + 8),
                (MIDDLE - neck - 42, top + 46),
            ]
        ),
        *curve(
            [(MIDDLE - neck - 42, top + 46), (MIDDLE - 96, front + 30), (MIDDLE - 64, front + 66)]
        ),
        *curve([(MIDDLE - 64, front + 66), (MIDDLE - 30, front + 30), (MIDDLE - 2, front - 4)]),
        *curve(
            [
                (MIDDLE - 2, front - 4),
                (MIDDLE - neck * 0.62, front - 34),
                (MIDDLE - neck + 4, top - 20),
            ]
        ),
    ]
    edge = curve(
        [(MIDDLE - neck - 33, top + 44), (MIDDLE - 88, front + 28), (MIDDLE - 64, front + 55)]
    )
    return Piece(outline, turn=38, rounding=15, shadow=6, stitches=[edge])


def _lapel(measures: Cut) -> Piece:
    """Collar and lapel of a coat in one."""
    top, neck, front = measures.top, measures.neck, measures.top + measures.neck_depth
    notch = measures.row(112)
    outline = [
        *curve(
            [
                (MIDDLE - neck + 8, top - 18),
                (MIDDLE - neck - 20, top + 8),
                (MIDDLE - neck - 40, top + 58),
            ]
        ),
        (MIDDLE - neck - 46, notch),
        (MIDDLE - neck - 22, notch + 4),
        (MIDDLE - neck - 62, notch + 26),
        *curve(
            [(MIDDLE - neck - 62, notch + 26), (MIDDLE - 62, front + 58), (MIDDLE + 2, front + 118)]
        ),
        *curve(
            [
                (MIDDLE + 2, front + 118),
                (MIDDLE - neck * 0.45, front - 30),
                (MIDDLE - neck + 8, top - 18),
            ]
        ),
    ]
    seam = [(MIDDLE - neck - 22, notch + 4), (MIDDLE - neck + 14, notch - 22)]
    return Piece(outline, turn=24, rounding=16, shadow=8, seams=[seam])


def _stand_collar(measures: Cut) -> Piece:
    top, neck, front = measures.top, measures.neck, measures.top + measures.neck_depth
    outline = [
        *curve(
            [
                (MIDDLE - neck - 12, top + 8),
                (MIDDLE - neck + 2, top - 22),
                (MIDDLE - neck + 20, top - 44),
            ]
        ),
        *curve(
            [
                (MIDDLE - neck + 20, top - 44),
                (MIDDLE - neck * 0.5, front - 34),
                (MIDDLE - 2, front - 22),
            ]
        ),
        *curve(
            [
                (MIDDLE - 2, front + 8),
                (MIDDLE - neck * 0.75, front - 8),
                (MIDDLE - neck - 12, top + 8),
            ]
        ),
    ]
    return Piece(outline, turn=30, rounding=16, shadow=5)


def _hood(measures: Cut) -> list[Piece]:
    """A hood laid back behind the neck, and the dark inside of it."""
    if measures.kind != Kind.HOODIE:
        return []
    top = measures.top
    half = curve([
        (MIDDLE - 124, top + 40), (MIDDLE - 128, top - 14),
        (MIDDLE - 92, top - 56), (MIDDLE - 40, top - 66), (MIDDLE, top - 68),
    ])  # fmt: skip
    inside = curve([
        (MIDDLE - 84, top + 50), (MIDDLE - 90, top - 4),
        (MIDDLE - 60, top - 34), (MIDDLE - 26, top - 40), (MIDDLE, top - 41),
    ])  # fmt: skip
    seam = [(MIDDLE, top - 68), (MIDDLE, top - 40)]
    outer = Piece([*half, *mirrored(half)], rounding=30, seams=[seam])
    return [outer, Piece([*inside, *mirrored(inside)], rounding=26, tint=0.5, plain=True)]


def _hood_edge(measures: Cut) -> Piece:
    """The front edge of the hood, laid around the neck."""
    top, front = measures.top, measures.top + measures.neck_depth
    outline = [
        *curve(
            [
                (MIDDLE - 92, top - 40),
                (MIDDLE - 116, top + 20),
                (MIDDLE - 84, front + 20),
                (MIDDLE - 4, front + 56),
            ]
        ),
        *curve(
            [
                (MIDDLE + 10, front + 26),
                (MIDDLE - 48, front - 6),
                (MIDDLE - 74, top + 10),
                (MIDDLE - 74, top - 40),
            ]
        ),
    ]
    return Piece(outline, turn=30, rounding=18, shadow=5)


def _kangaroo_pocket(measures: Cut) -> Piece:
    base = measures.hem_row - 44
    half = [
        (MIDDLE - 96, base - 170),
        *curve([(MIDDLE - 96, base - 170), (MIDDLE - 124, base - 110), (MIDDLE - 158, base - 66)]),
        (MIDDLE - 158, base),
    ]
    opening = [(x + 7, y + 6) for x, y in half[1:-1]]
    top = [(MIDDLE - 96, base - 164), (MIDDLE + 96, base - 164)]
    stitches = [opening, mirrored(opening), top]
    return Piece([*half, *mirrored(half)], rounding=10, shadow=4, stitches=stitches)


def _side_pocket(measures: Cut) -> Piece:
    """A slanted welt, or the flap of a coat pocket."""
    row = measures.row(520)
    if measures.kind == Kind.COAT:
        outline = [
            (MIDDLE - 172, row),
            (MIDDLE - 70, row - 4),
            (MIDDLE - 70, row + 40),
            (MIDDLE - 172, row + 46),
        ]
    else:
        outline = [
            (MIDDLE - 150, row + 60),
            (MIDDLE - 112, row - 54),
            (MIDDLE - 98, row - 50),
            (MIDDLE - 136, row + 64),
        ]
    return Piece(outline, rounding=8, shadow=3)


def _buttons(measures: Cut) -> list[Button]:
    start, end = measures.top + measures.neck_depth, measures.hem_row
    if measures.kind == Kind.SHIRT:
        return [Button((MIDDLE, y), 7.5) for y in np.linspace(start + 26, end - 80, 7).tolist()]
    if measures.kind == Kind.COAT:
        return [
            Button((MIDDLE + 28, y), 13) for y in np.linspace(start + 150, end - 330, 3).tolist()
        ]
    return []


def _cords(measures: Cut) -> list[Cord]:
    front = measures.top + measures.neck_depth
    if measures.kind == Kind.JACKET:
        return [Cord([(MIDDLE, front - 16), (MIDDLE, measures.hem_row + 8)], 7, metal=True)]
    if measures.kind == Kind.HOODIE:
        left = curve(
            [(MIDDLE - 40, front + 30), (MIDDLE - 50, front + 100), (MIDDLE - 44, front + 172)]
        )
        return [Cord(left, 6), Cord([(SIZE - x, y - 8) for x, y in left], 6)]
    return []
