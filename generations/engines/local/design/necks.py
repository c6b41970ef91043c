"""Necks: necklines, bands, collars, lapels and hoods."""

import numpy as np

from catalog.garment_kinds import Kind

from .canvas import MIDDLE, Line, arc, curve, mirrored
from .measures import Cut
from .pieces import Piece
from .prompt import Design


def neckline(measures: Cut) -> Line:
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


def back_of_neck(measures: Cut) -> Piece:
    """The inside of the back, seen through the neck."""
    back = arc((MIDDLE, measures.top - 3), (measures.neck + 3, 15 * measures.scale), (0, 180))
    return Piece([*neckline(measures), *back], tint=0.55, rounding=20, plain=True)


def neck_finish(design: Design, measures: Cut) -> list[Piece]:
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
    line = neckline(measures)
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


def hood(measures: Cut) -> list[Piece]:
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
