"""The surface of the material: how it catches light and how stiffly it falls."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from generations.engines.local.pixels import Array

from .canvas import SIZE, noise

Rng = np.random.Generator


@dataclass(frozen=True)
class Fabric:
    """Relief and tint of every pixel, how strongly and how narrowly it shines, how it falls."""

    relief: Array
    tint: Array
    shine: float
    gloss: float
    softness: float


def weave(material: str, rng: Rng) -> Fabric:
    """A square of the material; cotton when it is none of the others."""
    return WEAVES.get(material, _cotton)(rng)


def _denim(rng: Rng) -> Fabric:
    rows, columns = _grid()
    twill = np.sin((columns + rows) * 2 * np.pi / 6)
    faded = 1 + 0.035 * noise(rng, 30, 30, 3) + 0.05 * noise(rng, 3, 3, 2) + 0.05 * twill
    return Fabric(0.30 * twill, faded, 0.03, 8, 0.8)


def _leather(rng: Rng) -> Fabric:
    return Fabric(0.45 * np.abs(noise(rng, 130, 130, 2)), _even(), 0.34, 22, 0.9)


def _silk(rng: Rng) -> Fabric:
    return Fabric(np.zeros((SIZE, SIZE), np.float32), _even(), 0.30, 9, 1.45)


def _velvet(rng: Rng) -> Fabric:
    pile = 1 + 0.03 * noise(rng, 18, 18, 3)
    return Fabric(np.zeros((SIZE, SIZE), np.float32), pile, 0.0, 8, 1.0)


def _linen(rng: Rng) -> Fabric:
    threads = noise(rng, 24, 420, 1) + noise(rng, 420, 24, 1)
    return Fabric(0.06 * threads, 1 + 0.010 * threads, 0.02, 8, 1.25)


def _cotton(rng: Rng) -> Fabric:
    grain = rng.standard_normal((SIZE, SIZE)).astype(np.float32)
    return Fabric(0.10 * grain, 1 + 0.010 * grain, 0.03, 8, 1.0)


def _knit(rng: Rng) -> Fabric:
    """Stocking stitch: columns of small Vs."""
    (rows, columns), stitch = _grid(), 12
    across = (columns % stitch) / stitch - 0.5
    slanted = rows + np.abs(across) * stitch * 1.3
    down = (slanted % (0.9 * stitch)) / (0.9 * stitch) - 0.5
    loops = np.exp(-((down * 3) ** 2)) * np.exp(-((np.abs(across) - 0.25) ** 2) * 16)
    return Fabric(1.7 * loops, 0.92 + 0.12 * np.exp(-((down * 2.6) ** 2)), 0.0, 8, 0.85)


def _grid() -> Array:
    """The row and the column of every pixel."""
    return np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)


def _even() -> Array:
    return np.ones((SIZE, SIZE), np.float32)


WEAVES: dict[str, Callable[[Rng], Fabric]] = {
    "denim": _denim,
    "leather": _leather,
    "silk": _silk,
    "velvet": _velvet,
    "linen": _linen,
    "knit": _knit,
}
