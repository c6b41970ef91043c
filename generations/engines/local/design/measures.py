"""The measures of an upper garment, in pixels of the sheet."""

from dataclasses import dataclass

from catalog.garment_kinds import Kind

from .canvas import MIDDLE
from .pieces import Point
from .prompt import Design

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
