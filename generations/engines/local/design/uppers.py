"""The cut of garments that hang from the shoulders."""

import numpy as np

from catalog.garment_kinds import Kind
from generations.engines.local.pixels import mix

from .canvas import MIDDLE, SIZE, Line, curve, mirrored
from .measures import Cut, cut
from .necks import back_of_neck, hood, neck_finish, neckline
from .pieces import Button, Cord, Crease, Garment, Piece, Point
from .prompt import Design

Rng = np.random.Generator

OPEN_FRONT = {Kind.SHIRT, Kind.JACKET, Kind.COAT}
RIBBED = {Kind.HOODIE, Kind.SWEATER, Kind.JACKET}


def sew(design: Design, rng: Rng) -> Garment:
    """The pieces of an upper garment."""
    measures = cut(design)
    pieces = [*hood(measures), back_of_neck(measures)]
    if measures.sleeve != "none":
        for sleeve in _sleeve(measures, rng):
            pieces += [sleeve, sleeve.mirrored()]
    pieces += _body(measures, rng)
    pieces += neck_finish(design, measures)
    if design.kind == Kind.HOODIE:
        pieces.append(_kangaroo_pocket(measures))
    if design.kind in {Kind.COAT, Kind.JACKET}:
        pocket = _side_pocket(measures)
        pieces += [pocket, pocket.mirrored()]
    label = None if design.neck == "high" else (MIDDLE, measures.row(18))
    if design.kind == Kind.HOODIE:
        label = None
    return Garment(pieces, _buttons(measures), _cords(measures), label)


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
    whole = [*left, *hem[1:-1], *mirrored(left), *reversed(neckline(measures)[1:-1])]
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
