"""JSON from strangers: text in, values out that every rule, column and client can hold."""

import json
import re
from array import array
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from django.utils.translation import gettext as _

from core.plain_text import Unreadable, check_text

MAX_DEPTH = 20
MAX_VALUES = 10_000  # no request of ours needs a tenth; a body of numbers alone would take long
MAX_NUMBER = 2**53  # what every client counts to exactly
SHOWN_LETTERS = 50
STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)  # possessive: one pass over any text
STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")  # one level down, and one up (-1)
NOT_BRACKETS = bytes(set(range(256)) - set(b"[{]}"))


class MalformedJSON(Unreadable):
    code = "malformed_json"


class NotUtf8(Unreadable):
    code = "not_utf8"


class NestedTooDeeply(Unreadable):
    code = "nested_too_deeply"


class TooManyValues(Unreadable):
    code = "too_many_values"


class DuplicateKey(Unreadable):
    code = "duplicate_key"


class NotANumber(Unreadable):
    code = "not_a_number"


class NumberOutOfRange(Unreadable):
    code = "number_out_of_range"


def parsed(text: str) -> Any:
    """The value of a JSON text that is sane throughout; Unreadable says what else it is.

    At most 20 levels and 10 000 values, no key twice in an object, numbers within 2^53, plain text.
    """
    check_text(text)
    _check_shape(STRING.sub("", text))
    value = _loaded(text)
    if "\\" in text:  # what is not plain can hide in escapes only
        for some in _texts(value):
            check_text(some)
    return value


def decoded(body: bytes) -> str:
    """The body as text; NotUtf8 for anything but UTF-8."""
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        message = _("The body is not UTF-8 at byte %(position)d.")
        raise NotUtf8(message % {"position": error.start}) from error


def _check_shape(skeleton: str) -> None:
    """Refuse, before it costs anything, what the decoder would recurse or toil over."""
    steps = skeleton.encode("ascii", "ignore").translate(STEPS, NOT_BRACKETS)
    if max(accumulate(array("b", steps)), default=0) > MAX_DEPTH:
        message = _("The JSON is nested deeper than %(most)d levels.")
        raise NestedTooDeeply(message % {"most": MAX_DEPTH})
    if skeleton.count(",") >= MAX_VALUES:
        raise TooManyValues(_("The JSON holds more than %(most)d values.") % {"most": MAX_VALUES})


def _loaded(text: str) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_without_duplicates,
            parse_constant=_refuse_constant,
            parse_int=_integer,
            parse_float=_float,
        )
    except json.JSONDecodeError as error:
        message = _("This is not JSON: it breaks at line %(line)d, column %(column)d.")
        where = {"line": error.lineno, "column": error.colno}
        raise MalformedJSON(message % where) from error


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        [(twice, _times)] = Counter(name for name, _value in pairs).most_common(1)
        shown = twice[:SHOWN_LETTERS].encode(errors="replace").decode()
        raise DuplicateKey(_("“%(name)s” is there twice.") % {"name": shown})
    return value


def _refuse_constant(name: str) -> Any:
    raise NotANumber(_("%(name)s is not a number of JSON.") % {"name": name})


def _integer(digits: str) -> int:
    # Python refuses to read thousands of digits, and takes its time with hundreds.
    number = int(digits) if len(digits) <= len(str(-MAX_NUMBER)) else MAX_NUMBER + 1
    _check_range(number)
    return number


def _float(text: str) -> float:
    number = float(text)
    _check_range(number)
    return number


def _check_range(number: float) -> None:
    if abs(number) > MAX_NUMBER:
        raise NumberOutOfRange(_("Numbers go from -2^53 to 2^53."))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
