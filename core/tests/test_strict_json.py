"""JSON is read strictly, and quickly whatever it is."""

import contextlib
import time

import pytest

from core import strict_json
from core.plain_text import Unreadable

KIB = 1024
WHOLE = 256 * KIB


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9007199254740992", 2**53),
        ("-9007199254740992.0", -(2.0**53)),
        ("[-0, 1e-400, 1.5e3]", [0, 0.0, 1500.0]),
        ('"\\ud83d\\ude00 \\t\\r\\n \\\\u0000 \\u007f"', "😀 \t\r\n \\u0000 \x7f"),
        ('{"a": {"a": [{"a": 1}, {"a": 1}]}}', {"a": {"a": [{"a": 1}, {"a": 1}]}}),
        ('"[[[[[[[[[[[[[[[[[[[[[[[[[ \\" {{{{{{{{{{"', "[" * 25 + ' " ' + "{" * 10),
        ("[" * 20 + "]" * 20, eval("[" * 20 + "]" * 20)),
        (" {} ", {}),
        ("null", None),
    ],
)
def test_what_is_sane_is_read(text, value):
    assert strict_json.parsed(text) == value


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ('{"a": 1,\n "b" 2}', "This is not JSON: it breaks at line 2, column 6."),
        ("", "This is not JSON: it breaks at line 1, column 1."),
        ("[" * 21 + "]" * 21, "The JSON is nested deeper than 20 levels."),
        ('{"price": 1, "price": 2}', "“price” is there twice."),
        ('{"\\ud800": 1, "\\ud800": 2}', "“?” is there twice."),
        ("[-Infinity]", "-Infinity is not a number of JSON."),
        ("9007199254740993", "Numbers go from -2^53 to 2^53."),
        ('"\\u0007"', "The text holds a control character (U+0007)."),
        ('["\\uDFFF"]', "The text holds half of a character."),
        ("[%s0]" % ("0," * 10_000), "The JSON holds more than 10000 values."),
    ],
)
def test_what_is_not_says_why(text, detail):
    with pytest.raises(Unreadable) as refused:
        strict_json.parsed(text)

    assert str(refused.value) == detail


WORST = {
    "one text": '"' + "x" * (WHOLE - 2) + '"',
    "escapes": '"' + "\\u0430" * (WHOLE // 6) + '"',
    "backslashes": '"' + "\\\\" * (WHOLE // 2 - 1) + '"',
    "an open text of quotes": '"' + '\\"' * (WHOLE // 2 - 1),
    "deep": "[" * (WHOLE // 2) + "]" * (WHOLE // 2),
    "deep objects": '{"a":' * (WHOLE // 5),
    "flat": "[" + "1," * (WHOLE // 2 - 2) + "1]",
    "texts": "[" + '"",' * (WHOLE // 3 - 2) + '""]',
    "most values": '["\\n",' + "1.25," * 9_990 + "1]",
    "most keys": '{"\\n":1,' + ",".join(f'"{number}":{number}' for number in range(9_990)) + "}",
    "the last key twice": "{" + ",".join(f'"{n}":1' for n in [*range(9_990), 1]) + "}",
    "one number": "9" * WHOLE,
}


ORDINARY = "[" + ",".join(['{"name": "Silk dress", "price": 12500.5}'] * 4000) + "]"


@pytest.mark.parametrize("text", WORST.values(), ids=WORST)
def test_no_body_takes_long(text):
    """Less than 50 ms, or than five ordinary ones where the whole machine is slow."""
    assert len(text) <= WHOLE
    rounds = [(seconds_for(text), seconds_for(ORDINARY)) for _ in range(5)]

    worst, ordinary = map(min, zip(*rounds, strict=True))
    assert worst < max(0.05, 5 * ordinary)


def seconds_for(text):
    began = time.process_time()
    with contextlib.suppress(Unreadable):
        strict_json.parsed(text)
    return time.process_time() - began
