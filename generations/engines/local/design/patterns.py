"""The colours of the cloth: one colour, or two in a pattern."""

from collections.abc import Callable

import cv2
import numpy as np

from generations.engines.local.pixels import Array, mix

from .canvas import SIZE, noise, strokes
from .prompt import Design

Rng = np.random.Generator

COLOURS = {
    "black": (38, 38, 42),
    "white": (240, 240, 238),
    "red": (186, 32, 42),
    "burgundy": (112, 26, 44),
    "blue": (44, 84, 168),
    "navy": (30, 40, 78),
    "sky_blue": (136, 186, 226),
    "turquoise": (32, 158, 162),
    "green": (44, 118, 70),
    "olive": (98, 100, 62),
    "yellow": (232, 188, 52),
    "mustard": (196, 148, 48),
    "orange": (222, 112, 40),
    "pink": (232, 152, 176),
    "purple": (108, 64, 146),
    "lavender": (180, 166, 212),
    "brown": (106, 74, 52),
    "beige": (212, 194, 164),
    "grey": (132, 134, 138),
    "gold": (194, 154, 76),
    "silver": (178, 180, 186),
}
DENIM = (64, 92, 136)
OPEN_CHOICE = ("blue", "burgundy", "green", "beige", "grey", "navy", "mustard")
DARK_SUM = 420
CAMOUFLAGE = ((82, 88, 56), (54, 62, 42), (148, 138, 104), (42, 40, 34))
LEAF = (74, 112, 70)


def base_colour(design: Design, rng: Rng) -> Array:
    """The main colour: the first one named, what the garment usually has, or one by the seed."""
    choice = OPEN_CHOICE[int(rng.integers(len(OPEN_CHOICE)))]
    if design.pattern == "camouflage":
        return np.array(CAMOUFLAGE[0], np.float32)
    if design.material == "denim" and design.colours[:1] in {(), ("blue",)}:
        return np.array(DENIM, np.float32)
    return np.array(COLOURS[design.colours[0] if design.colours else choice], np.float32)


def cloth(design: Design, base: Array, rng: Rng) -> Array:
    """A square of cloth, `(1024, 1024, 3)`."""
    second = _second_colour(design, base)
    plain = np.empty((SIZE, SIZE, 3), np.float32)
    plain[:] = base
    painter = PATTERNS.get(design.pattern)
    return plain if painter is None else painter(plain, second, rng)


def _second_colour(design: Design, base: Array) -> Array:
    if len(design.colours) > 1:
        return np.array(COLOURS[design.colours[1]], np.float32)
    light = base.sum() < DARK_SUM
    return np.array((240, 236, 228) if light else (64, 66, 78), np.float32)


def _waving_grid(rng: Rng) -> tuple[Array, Array]:
    """Coordinates that wave a little, as cloth that does not lie flat."""
    rows, columns = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    wave = noise(rng, 3, 3, 2) * 4
    return columns + wave, rows + np.roll(wave, 211, 1)


def _edge(values: Array, softness: float) -> Array:
    return np.clip(values / softness + 0.5, 0, 1)


def _stripes(plain: Array, second: Array, rng: Rng) -> Array:
    _, y = _waving_grid(rng)
    lines = _edge(np.sin(y * 2 * np.pi / 58) - 0.1, 0.18)
    return np.asarray(mix(plain, second, lines[..., None]))


def _check(plain: Array, second: Array, rng: Rng) -> Array:
    x, y = (axis * 2 * np.pi / 96 for axis in _waving_grid(rng))
    wide = 0.42 * (_edge(np.sin(x) - 0.2, 0.12) + _edge(np.sin(y) - 0.2, 0.12))
    fine = np.maximum(_edge(np.cos(x) - 0.985, 0.01), _edge(np.cos(y) - 0.985, 0.01))
    checked = mix(plain, second, wide[..., None])
    return np.asarray(mix(checked, plain * 0.3 + 150, 0.5 * fine[..., None]))


def _dots(plain: Array, second: Array, rng: Rng) -> Array:
    x, y = _waving_grid(rng)
    step = 56
    shifted = x + (np.floor(y / step) % 2) * step / 2
    off = np.hypot(shifted % step - step / 2, y % step - step / 2)
    return np.asarray(mix(plain, second, _edge(13 - off, 1.6)[..., None]))


def _floral(plain: Array, second: Array, rng: Rng) -> Array:
    sheet = np.ascontiguousarray(plain.astype(np.uint8))
    petals = np.array([second, second * 0.75 + 60, (232, 204, 104), (248, 238, 232)]).clip(0, 255)
    for x, y in _scattered(rng, 74):
        radius = float(rng.uniform(14, 30))
        colour = petals[int(rng.integers(len(petals)))]
        _leaves(sheet, (x, y), radius, rng)
        _flower(sheet, (x, y), radius, colour, float(rng.uniform(0, 6.28)))
    return cv2.GaussianBlur(sheet, (0, 0), 0.7).astype(np.float32)


def _scattered(rng: Rng, step: int) -> list[tuple[float, float]]:
    """Places that are neither in rows nor on top of each other."""
    return [
        (
            x + float(rng.uniform(-24, 24)) + (y // step % 2) * step / 2,
            y + float(rng.uniform(-24, 24)),
        )
        for y in range(0, SIZE + step, step)
        for x in range(0, SIZE + step, step)
    ]


def _flower(
    sheet: Array, centre: tuple[float, float], radius: float, colour: Array, turn: float
) -> None:
    for petal in range(5):
        angle = turn + petal * 2 * np.pi / 5
        spot = _spot(centre, 0.62 * radius, angle)
        shade = tuple(float(v) * (0.9 + 0.03 * petal) for v in colour)
        _ellipse(sheet, spot, (0.56 * radius, 0.38 * radius), angle, shade)
    _ellipse(sheet, _spot(centre, 0, 0), (0.26 * radius, 0.26 * radius), 0, (214, 162, 62))


def _leaves(sheet: Array, centre: tuple[float, float], radius: float, rng: Rng) -> None:
    for _ in range(2):
        angle = float(rng.uniform(0, 6.28))
        _ellipse(
            sheet, _spot(centre, 1.5 * radius, angle), (0.6 * radius, 0.2 * radius), angle, LEAF
        )


def _spot(centre: tuple[float, float], distance: float, angle: float) -> tuple[int, int]:
    x, y = centre[0] + distance * np.cos(angle), centre[1] + distance * np.sin(angle)
    return int(x), int(y)


def _ellipse(
    sheet: Array,
    spot: tuple[int, int],
    radii: tuple[float, float],
    angle: float,
    colour: tuple[float, ...],
) -> None:
    axes, degrees = (int(radii[0]), int(radii[1])), float(np.degrees(angle))
    cv2.ellipse(sheet, spot, axes, degrees, 0, 360, colour, -1, cv2.LINE_AA)


def _ornament(plain: Array, second: Array, rng: Rng) -> Array:
    """Rows of қошқар мүйіз, the ram's horns of Kazakh felt and embroidery."""
    step, lines = 150, []
    for row in range(SIZE // step + 2):
        for column in range(SIZE // step + 2):
            lines += _horns((column + row % 2 / 2) * step, 40.0 + row * step)
    columns, rows = _waving_grid(rng)
    horns = cv2.remap(
        strokes(lines, 8), columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP
    )
    return np.asarray(mix(plain, second, horns[..., None]))


def _horns(x: float, y: float) -> list[list[tuple[float, float]]]:
    """Two pairs of horns, upwards and downwards, and a diamond between neighbours."""
    turns = np.linspace(0, 2.2 * np.pi, 40)
    radii = 25 * (1 - turns / (2.9 * np.pi))
    lines = []
    for sideways in (-1, 1):
        for upwards in (-1, 1):
            spiral = [
                (
                    x + sideways * float(26 - radius * np.cos(turn)),
                    y + upwards * float(30 + radius * np.sin(turn)),
                )
                for radius, turn in zip(radii, turns, strict=True)
            ]
            lines.append([(x, y), *spiral])
    diamond = [(x + 74, y - 13), (x + 87, y), (x + 74, y + 13), (x + 61, y), (x + 74, y - 13)]
    return [*lines, diamond]


def _camouflage(plain: Array, second: Array, rng: Rng) -> Array:
    sheet = plain
    for index, colour in enumerate(CAMOUFLAGE[1:]):
        blots = _edge(noise(rng, 6, 7, 3) - 0.45 - 0.28 * index, 0.10)
        sheet = mix(sheet, np.array(colour, np.float32), blots[..., None])
    return np.asarray(sheet)


def _gradient(plain: Array, second: Array, rng: Rng) -> Array:
    share = np.clip((np.arange(SIZE, dtype=np.float32) - 150) / 720, 0, 1)
    return np.asarray(mix(plain, second, share[:, None, None]))


PATTERNS: dict[str, Callable[[Array, Array, Rng], Array]] = {
    "stripes": _stripes,
    "check": _check,
    "dots": _dots,
    "floral": _floral,
    "ornament": _ornament,
    "camouflage": _camouflage,
    "gradient": _gradient,
}
