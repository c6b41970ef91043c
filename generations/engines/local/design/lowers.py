"""The cut of garments that hang from the waist."""

import numpy as np

from catalog.garment_kinds import Kind

from .canvas import MIDDLE, Line, curve, mirrored
from .pieces import Button, Crease, Garment, Piece, Point
from .prompt import Design

Rng = np.random.Generator

TOP = 120.0
BAND = 46.0
CROTCH = 400.0


def sew(design: Design, rng: Rng) -> Garment:
    """The pieces of a skirt, trousers, jeans or shorts."""
    if design.kind == Kind.SKIRT:
        return _skirt(design, rng)
    return _trousers(design, rng)


def _skirt(design: Design, rng: Rng) -> Garment:
    bottom = {"long": 965.0, "short": 590.0}.get(design.length, 790.0)
    half = {"slim": 172.0, "wide": 340.0}.get(design.fit, 270.0)
    half *= 1.0 if design.length != "short" else 0.86
    waist = 134.0
    side = curve(
        [
            (MIDDLE - waist, TOP + BAND - 2),
            (MIDDLE - waist - 44, TOP + 160),
            (MIDDLE - half + 8, bottom - 90),
            (MIDDLE - half, bottom),
        ]
    )
    hem = [(MIDDLE + s * half, bottom + 26 * (1 - s * s)) for s in np.linspace(-1, 1, 25).tolist()]
    pleats, depth = (5, (2, 4)) if design.fit == "slim" else (14, (6, 11))
    creases = []
    for share in np.linspace(-0.95, 0.95, pleats) + rng.uniform(-0.04, 0.04, pleats):
        start = (MIDDLE + share * waist, TOP + BAND - 20)
        end = (MIDDLE + share * half * 1.04, bottom + 140)
        creases.append(_crease(start, end, rng, (13, 24), depth))
    stitches = [[(x, y - 18) for x, y in hem[1:-1]]]
    body = Piece([*side, *hem[1:-1], *mirrored(side)], creases=creases, stitches=stitches)
    return Garment([_inside(waist), body, _waistband(waist)])


def _inside(waist: float) -> Piece:
    """The back of the waistband, seen from above the front."""
    outline = [
        (MIDDLE - waist + 4, TOP + 6),
        (MIDDLE, TOP - 10),
        (MIDDLE + waist - 4, TOP + 6),
        (MIDDLE, TOP + 30),
    ]
    return Piece(outline, tint=0.6, rounding=14, plain=True)


def _waistband(waist: float) -> Piece:
    upper = [(MIDDLE + s * waist, TOP + 8 * (1 - s * s)) for s in np.linspace(-1, 1, 17).tolist()]
    lower = [
        (MIDDLE + s * (waist + 7), TOP + BAND + 9 * (1 - s * s))
        for s in np.linspace(1, -1, 17).tolist()
    ]
    stitches = [[(x, y + 6) for x, y in upper[1:-1]], [(x, y - 6) for x, y in lower[1:-1]]]
    return Piece([*upper, *lower], rounding=12, shadow=3, stitches=stitches)


def _trousers(design: Design, rng: Rng) -> Garment:
    shorts = design.kind == Kind.SHORTS
    waist = 152.0
    bottom = (640.0 if design.length == "long" else 570.0) if shorts else 960.0
    left = _leg(design, waist, bottom, rng)
    pieces = [_inside(waist), left, left.mirrored(), _fly(), _waistband(waist)]
    for aside in (0.34, 0.86):
        loop = _belt_loop(MIDDLE - aside * waist)
        pieces += [loop, loop.mirrored()]
    metal = design.material == "denim"
    buttons = [Button((MIDDLE + 4, TOP + BAND / 2 + 8), 10, metal=metal)]
    if metal:
        buttons += [Button((MIDDLE + sign * 128, TOP + 110), 4, metal=True) for sign in (-1, 1)]
    return Garment(pieces, buttons)


def _leg(design: Design, waist: float, bottom: float, rng: Rng) -> Piece:
    shorts = design.kind == Kind.SHORTS
    width = 176.0 if shorts else {"slim": 108.0, "wide": 200.0}.get(design.fit, 142.0)
    outer = MIDDLE - (222.0 if shorts else 196.0) - (26.0 if design.fit == "wide" else 0.0)
    knee = TOP + 0.55 * (bottom - TOP)
    outside = curve([
        (MIDDLE - waist - 5, TOP + BAND - 2), (MIDDLE - waist - 46, TOP + 190),
        (outer - 4, knee), (outer, bottom),
    ])  # fmt: skip
    inside = curve([
        (outer + width, bottom + 8), (outer + width + 8, knee),
        (MIDDLE - 20, CROTCH + 84), (MIDDLE + 1, CROTCH),
    ])  # fmt: skip
    hem: Line = [(outer, bottom), (outer + width / 2, bottom + 9), (outer + width, bottom + 8)]
    outline = [*outside, hem[1], *inside, (MIDDLE + 1, TOP + BAND)]
    pocket = curve([(MIDDLE - 84, TOP + BAND), (MIDDLE - 92, TOP + 100), (MIDDLE - 182, TOP + 128)])
    above = [(x, y - 20) for x, y in hem]
    return Piece(
        outline,
        rounding=70,
        creases=_leg_creases((outer, width), bottom, rng, shorts=shorts),
        seams=[pocket, [(MIDDLE + 1, TOP + BAND), (MIDDLE + 1, CROTCH)]],
        stitches=[[(x + 4, y + 8) for x, y in pocket], above],
        shadow=3,
    )


def _leg_creases(
    cuff: tuple[float, float], bottom: float, rng: Rng, *, shorts: bool
) -> list[Crease]:
    """Pulls from the crotch, folds at the knee, a few above the cuff."""
    outer, width = cuff
    creases = []
    for index in range(5):
        angle, length = np.radians(rng.uniform(0, 52)), rng.uniform(80, 170)
        start = (MIDDLE - 6, CROTCH - 16 + 11 * index)
        end = (start[0] - length * np.cos(angle), start[1] + length * np.sin(angle))
        creases.append(_crease(start, end, rng, (8, 14), (2.5, 4.5)))
    rows = [] if shorts else [0.56, 0.61, 0.66, 0.84, 0.90, 0.94]
    for share in rows:
        row = TOP + (share + rng.uniform(-0.02, 0.02)) * (bottom - TOP)
        start = (outer + rng.uniform(-6, 20), row)
        end = (outer + width * rng.uniform(0.6, 1.1), row + rng.uniform(-34, 34))
        creases.append(_crease(start, end, rng, (8, 14), (2.0, 4.0)))
    middle = outer + width * 0.55
    creases.append(_crease((middle + 30, TOP + 190), (middle, bottom + 60), rng, (22, 30), (3, 5)))
    return creases


def _crease(
    start: Point, end: Point, rng: Rng, width: tuple[float, float], rise: tuple[float, float]
) -> Crease:
    bend = float(rng.uniform(-0.03, 0.03))
    return Crease(start, end, float(rng.uniform(*width)), float(rng.uniform(*rise)), bend)


def _fly() -> Piece:
    """The flap over the zip."""
    edge = curve([(MIDDLE + 30, TOP + BAND), (MIDDLE + 30, TOP + 170), (MIDDLE + 2, TOP + 206)])
    outline = [(MIDDLE - 2, TOP + BAND), *edge, (MIDDLE - 2, TOP + 210)]
    return Piece(outline, rounding=4, shadow=2, stitches=[[(x - 5, y) for x, y in edge]])


def _belt_loop(x: float) -> Piece:
    outline = [
        (x - 6, TOP - 3),
        (x + 6, TOP - 3),
        (x + 6, TOP + BAND + 10),
        (x - 6, TOP + BAND + 10),
    ]
    return Piece(outline, rounding=5, shadow=3)
