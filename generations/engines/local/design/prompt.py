"""Understanding a prompt: words in Russian, Kazakh or English become a `Design`."""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from generations.engines.base import GenerationError

PROMPT_MAX_CHARACTERS = 1000
WORDS = Path(__file__).with_name("words.toml")


class Kind(StrEnum):
    """The garments that can be drawn."""

    T_SHIRT = "t_shirt"
    LONGSLEEVE = "longsleeve"
    TANK = "tank"
    SHIRT = "shirt"
    HOODIE = "hoodie"
    SWEATER = "sweater"
    JACKET = "jacket"
    COAT = "coat"
    DRESS = "dress"
    SKIRT = "skirt"
    TROUSERS = "trousers"
    JEANS = "jeans"
    SHORTS = "shorts"

    @property
    def has_shoulders(self) -> bool:
        return self not in {Kind.SKIRT, Kind.TROUSERS, Kind.JEANS, Kind.SHORTS}


LONG_SLEEVED = {
    Kind.LONGSLEEVE, Kind.SHIRT, Kind.HOODIE, Kind.SWEATER, Kind.JACKET, Kind.COAT,
}  # fmt: skip
USUAL_MATERIALS = {Kind.JEANS: "denim", Kind.SWEATER: "knit"}


@dataclass(frozen=True, slots=True)
class Design:
    """What is to be drawn. Empty words mean that the prompt left it open."""

    kind: Kind
    colours: tuple[str, ...]
    pattern: str
    material: str
    sleeve: str
    neck: str
    length: str
    fit: str


def understand(prompt: str) -> Design:
    """The garment that the prompt describes; refuses prompts that name none."""
    if len(prompt) > PROMPT_MAX_CHARACTERS:
        raise GenerationError("prompt_too_long")
    text = prompt.lower().replace("ё", "е")
    materials, rest = _found("materials", text)
    # "Denim jacket" names a material, "jeans" a garment: what is no garment may be a material.
    kinds, _ = _found("garments", rest)
    kinds = kinds or _found("garments", text)[0]
    if not kinds:
        raise GenerationError("prompt_no_garment")
    kind = Kind(kinds[0])
    sleeves, rest = _found("sleeves", text)
    lengths, _ = _found("lengths", rest)
    return Design(
        kind=kind,
        colours=tuple(_found("colours", text)[0]),
        pattern=_first("patterns", text),
        material=materials[0] if materials else USUAL_MATERIALS.get(kind, "cotton"),
        sleeve=_sleeve(kind, sleeves),
        neck=_first("necks", text),
        length=lengths[0] if lengths else "",
        fit=_first("fits", text),
    )


def _sleeve(kind: Kind, named: list[str]) -> str:
    if named:
        return named[0]
    if kind == Kind.TANK:
        return "none"
    return "long" if kind in LONG_SLEEVED else "short"


def _first(table: str, text: str) -> str:
    found, _ = _found(table, text)
    return found[0] if found else ""


def _found(table: str, text: str) -> tuple[list[str], str]:
    """The entries whose words occur, in the order of the text, and the text without them."""
    places: dict[str, int] = {}
    for entry, expression in _expressions()[table].items():
        match = expression.search(text)
        if match:
            places[entry] = match.start()
            text = expression.sub(lambda used: " " * len(used[0]), text)
    return sorted(places, key=places.__getitem__), text


@cache
def _expressions() -> dict[str, dict[str, re.Pattern[str]]]:
    tables = tomllib.loads(WORDS.read_text("utf-8"))
    return {
        table: {
            entry: re.compile(rf"(?<!\w)(?:{'|'.join(words)})") for entry, words in entries.items()
        }
        for table, entries in tables.items()
    }
