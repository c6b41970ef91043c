"""What a garment is sewn from: pieces, laid on each other in order, and small hard parts."""

from dataclasses import dataclass, field, replace

from .canvas import Line, mirrored

Point = tuple[float, float]


@dataclass(frozen=True)
class Crease:
    """A soft fold from one point to another."""

    start: Point
    end: Point
    width: float
    rise: float
    bend: float = 0

    def mirrored(self) -> "Crease":
        start, end = mirrored([self.end, self.start])
        return replace(self, start=start, end=end, bend=-self.bend)


@dataclass(frozen=True)
class Piece:
    """An area of cloth.

    `turn` is the direction of its grain in degrees, `rounding` how far from its edge it curves
    away, `tint` how dark it is (the inside of a neck), `ribs` the distance of its ribs, if any.
    """

    outline: Line
    turn: float = 0
    rounding: float = 90
    tint: float = 1
    ribs: float = 0
    plain: bool = False
    shadow: float = 5
    creases: list[Crease] = field(default_factory=list)
    seams: list[Line] = field(default_factory=list)
    stitches: list[Line] = field(default_factory=list)

    def mirrored(self) -> "Piece":
        """The same piece on the other side."""
        return replace(
            self,
            outline=mirrored(self.outline),
            turn=-self.turn,
            creases=[crease.mirrored() for crease in self.creases],
            seams=[mirrored(seam) for seam in self.seams],
            stitches=[mirrored(line) for line in self.stitches],
        )


@dataclass(frozen=True)
class Button:
    """A round button; a `metal` one shines."""

    centre: Point
    radius: float
    metal: bool = False


@dataclass(frozen=True)
class Cord:
    """A drawstring, or the teeth of a zip when `metal`."""

    line: Line
    width: int
    metal: bool = False


@dataclass(frozen=True)
class Garment:
    """Everything to draw, the lowest first."""

    pieces: list[Piece]
    buttons: list[Button] = field(default_factory=list)
    cords: list[Cord] = field(default_factory=list)
    label: Point | None = None
