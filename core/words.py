"""Finding words of people in what they write, by tables of the beginnings of words.

A table is a file of TOML whose entries list regular expressions; earlier entries win, and what they
match is used up. "Ё" is read as "е".
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

Table = Mapping[str, re.Pattern[str]]


def tables(path: Path) -> dict[str, Table]:
    """The tables of a file by name."""
    named = tomllib.loads(path.read_text("utf-8"))
    return {
        name: {
            entry: re.compile(rf"(?<!\w)(?:{'|'.join(words)})") for entry, words in table.items()
        }
        for name, table in named.items()
    }


def plain(text: str) -> str:
    """The text as the tables expect it."""
    return text.lower().replace("ё", "е")


def found(table: Table, text: str) -> tuple[list[str], str]:
    """The entries whose words occur, in the order of the text, and the text without them."""
    places: dict[str, int] = {}
    for entry, expression in table.items():
        match = expression.search(text)
        if match:
            places[entry] = match.start()
            text = expression.sub(lambda used: " " * len(used[0]), text)
    return sorted(places, key=places.__getitem__), text
