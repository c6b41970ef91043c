"""The sheet of 1024 x 1024 pixels: lines, areas, noise and soft creases on it."""

import cv2
import numpy as np

from generations.engines.local.pixels import Array, ease

SIZE = 1024
MIDDLE = SIZE / 2
SUBPIXEL_BITS = 4

Line = list[tuple[float, float]]


def curve(points: Line) -> Line:
    """The polyline with its corners cut off (Chaikin 1974); the ends stay."""
    line = np.array(points, float)
    for _ in range(3):
        first, second = line[:-1], line[1:]
        cut = np.stack([0.75 * first + 0.25 * second, 0.25 * first + 0.75 * second], 1)
        line = np.vstack([line[:1], cut.reshape(-1, 2), line[-1:]])
    return [(float(x), float(y)) for x, y in line]


def arc(
    centre: tuple[float, float], radii: tuple[float, float], degrees: tuple[float, float]
) -> Line:
    """A part of an ellipse; 0 degrees is to the right, 90 below."""
    angles = np.radians(np.linspace(*degrees, 25))
    return [
        (centre[0] + radii[0] * float(np.cos(a)), centre[1] + radii[1] * float(np.sin(a)))
        for a in angles
    ]


def mirrored(line: Line) -> Line:
    """The other half of something symmetrical, in the opposite order."""
    return [(SIZE - x, y) for x, y in reversed(line)]


def area(outline: Line) -> Array:
    """How much of each pixel the outline holds, 0 to 1."""
    sheet = np.zeros((SIZE, SIZE), np.uint8)
    cv2.fillPoly(sheet, [_fixed(outline)], 255, cv2.LINE_AA, SUBPIXEL_BITS)
    return sheet.astype(np.float32) / 255


def strokes(lines: list[Line], width: int) -> Array:
    """The lines drawn with that width, 0 to 1."""
    sheet = np.zeros((SIZE, SIZE), np.uint8)
    for line in lines:
        cv2.polylines(sheet, [_fixed(line)], False, 255, width, cv2.LINE_AA, SUBPIXEL_BITS)  # noqa: FBT003
    return sheet.astype(np.float32) / 255


def dashed(line: Line, dash: float = 9, gap: float = 5) -> list[Line]:
    """Stitches along the line."""
    points = np.array(line, float)
    lengths = np.r_[0, np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))]
    starts = np.arange(0, max(lengths[-1] - dash, 1), dash + gap)
    ends = [
        np.stack([np.interp(at, lengths, points[:, i]) for i in (0, 1)], 1)
        for at in (starts, starts + dash)
    ]
    return [[tuple(first), tuple(second)] for first, second in zip(*ends, strict=True)]


def noise(rng: np.random.Generator, across: float, down: float, octaves: int = 3) -> Array:
    """Soft noise with about that many waves across and down."""
    total = np.zeros((SIZE, SIZE), np.float32)
    for octave in range(octaves):
        cells = int(down * 2**octave) + 3, int(across * 2**octave) + 3
        values = rng.standard_normal(cells).astype(np.float32)
        total += cv2.resize(values, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC) / 2**octave
    return total


def crease(  # noqa: PLR0913, PLR0917 - a crease has two ends, a width, a height and a bend
    height: Array,
    start: tuple[float, float],
    end: tuple[float, float],
    width: float,
    rise: float,
    bend: float = 0,
) -> None:
    """Add a soft crease: a ridge with a shallow valley beside it, fading out at both ends."""
    reach = 4 * width + abs(bend) * float(np.hypot(end[0] - start[0], end[1] - start[1]))
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    x0, x1 = (int(np.clip(v, 0, SIZE)) for v in (left - reach, right + reach))
    y0, y1 = (int(np.clip(v, 0, SIZE)) for v in (top - reach, bottom + reach))
    rows, columns = np.mgrid[y0:y1, x0:x1].astype(np.float32)
    along = np.array([end[0] - start[0], end[1] - start[1]], np.float32)
    length = float(np.hypot(*along)) + 1e-6
    share = ((columns - start[0]) * along[0] + (rows - start[1]) * along[1]) / length**2
    aside = ((columns - start[0]) * along[1] - (rows - start[1]) * along[0]) / length
    aside = aside + bend * length * np.sin(np.clip(share, 0, 1) * np.pi)
    breadth = width * (0.7 + 0.5 * np.clip(share, 0, 1))
    fade = ease(share / 0.25) * ease((1 - share) / 0.45)
    ridge = np.exp(-((aside / breadth) ** 2)) - 0.6 * np.exp(-((aside / breadth - 1.5) ** 2))
    height[y0:y1, x0:x1] += rise * ridge * fade


def _fixed(line: Line) -> Array:
    """Coordinates as OpenCV wants them: whole numbers of sixteenths of a pixel."""
    return np.asarray(np.round(np.array(line, float) * 2**SUBPIXEL_BITS), np.int32)
