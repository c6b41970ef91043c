"""Understanding a prompt: words in Russian, Kazakh or English become a `Design`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from catalog.garment_kinds import Kind, named
from core import words
from generations.engines.base import GenerationError

PROMPT_MAX_CHARACTERS = 1000
WORDS = Path(__file__).with_name("words.toml")


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
    text = words.plain(prompt)
    kinds, materials = named(text)
    if not kinds:
        raise GenerationError("prompt_no_garment")
    kind = kinds[0]
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
    return words.found(_tables()[table], text)


@cache
def _tables() -> dict[str, words.Table]:
    return words.tables(WORDS)
