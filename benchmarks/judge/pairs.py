"""Which persons and garments lie in a folder, and what the file names say about the garments."""

import random
from dataclasses import dataclass
from pathlib import Path

from generations.engines.base import GarmentCategory, TryOnRequest

KINDS = {
    "t-shirt": (GarmentCategory.TOP, "short"),
    "longsleeve": (GarmentCategory.TOP, "long"),
    "shirt": (GarmentCategory.TOP, ""),
    "outwear": (GarmentCategory.OUTER, ""),
    "dress": (GarmentCategory.DRESS, ""),
    "skirt": (GarmentCategory.SKIRT, ""),
    "pants": (GarmentCategory.BOTTOM, ""),
    "shorts": (GarmentCategory.BOTTOM, ""),
}
PICTURES = {".jpg", ".jpeg", ".png", ".webp"}


@dataclass(frozen=True)
class Pair:
    """A person and a garment: `skirt-03.jpg` is a skirt."""

    person: Path
    garment: Path

    @property
    def name(self) -> str:
        return f"{self.person.stem} × {self.garment.stem}"

    @property
    def category(self) -> GarmentCategory:
        return KINDS[_kind(self.garment)][0]

    def request(self) -> TryOnRequest:
        category, sleeve = KINDS[_kind(self.garment)]
        return TryOnRequest(self.person.read_bytes(), self.garment.read_bytes(), category, sleeve)


def pairs_of(folder: Path) -> list[Pair]:
    """Every person of `people/` with every garment of `garments/` that is worn on the body."""
    garments = [path for path in _pictures(folder / "garments") if _kind(path) in KINDS]
    return [Pair(person, one) for person in _pictures(folder / "people") for one in garments]


def sample(pairs: list[Pair], size: int | None, seed: int) -> list[Pair]:
    """That many pairs at random, the same for the same seed; all of them for no size."""
    if size is None or size >= len(pairs):
        return pairs
    return random.Random(seed).sample(pairs, size)  # noqa: S311 - no secret


def _pictures(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURES)


def _kind(path: Path) -> str:
    return path.stem.rpartition("-")[0]
