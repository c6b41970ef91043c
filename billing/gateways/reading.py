"""What providers write, read strictly: nonsense is a ValueError, a KeyError or a TypeError."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

NUMBER = re.compile(r"[0-9]{1,18}")
AMOUNT = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,12})?")
MAX_FIELDS = 200


@contextmanager
def nonsense_is(refusal: type[Exception]) -> Iterator[None]:
    """Inside, what cannot be read is that refusal; what was read stays out of its text."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        raise refusal("unreadable") from None


def form(text: bytes | str) -> dict[str, str]:
    """The fields of a form; the same name twice is nonsense."""
    text = text.decode() if isinstance(text, bytes) else text
    pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field twice")
    return fields


def json_object(body: bytes) -> dict[str, Any]:
    """A JSON object, its fractions as Decimal."""
    said = json.loads(body, parse_float=Decimal)
    if not isinstance(said, dict):
        raise TypeError("no object")
    return said


def xml(body: bytes) -> Element:
    """The root of an XML document without declarations of types or entities."""
    try:
        root: Element = ElementTree.fromstring(body, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException):
        raise ValueError("no XML") from None
    return root


def amount(said: object) -> Decimal:
    """A sum of money, written in plain digits."""
    return Decimal(_matching(AMOUNT, said))


def number(said: object) -> int:
    """A whole number, as of a payment of ours."""
    return int(_matching(NUMBER, said))


def _matching(pattern: re.Pattern[str], said: object) -> str:
    if isinstance(said, bool) or not isinstance(said, str | int | Decimal):
        raise TypeError("no number")
    if not pattern.fullmatch(str(said)):
        raise ValueError("no number")
    return str(said)
