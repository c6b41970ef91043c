"""What the cells of a product say, and whether a cell still says it."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

from core.csv_export import harmless


def is_same(now: Any, said: Any) -> bool:
    """Whether a cell says what is so already, be it in the words of the export."""
    if isinstance(said, str):
        return said in {_bare(str(now)), _bare(harmless(str(now)))}
    if isinstance(now, bool) or now is None or said is None:
        return now is said
    return bool(Decimal(now) == said)


def characteristics(stored: Any) -> dict[str, Any]:
    """Those of a product; none where what is stored is no table of them."""
    return stored if isinstance(stored, dict) else {}


def picture_names(images: Sequence[str]) -> str:
    """The pictures of a product in their order: image_0.jpg; image_1.jpg."""
    return "; ".join(PurePosixPath(name).name for name in images)


def _bare(text: str) -> str:
    """As reading a sheet leaves it."""
    return text.replace("\r\n", "\n").strip()
