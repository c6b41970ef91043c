import csv
from decimal import Decimal
from io import StringIO

import pytest
from asgiref.sync import async_to_sync
from django.utils import translation

from core.csv_export import csv_response, harmless

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A0", '=HYPERLINK("http://evil")']
HOSTILE += ["＝1+1", "＋1", "－1", "＠SUM(A1)"]  # full width
HOSTILE += [" =1+1", "\u00a0=1+1", "\u200b=1+1", "\ufeff=1+1", "\x00=1+1"]  # something before it


async def whole(response):
    return b"".join([part async for part in response]).decode()


def written(*rows):
    """The file with these rows, as text."""

    async def come():
        for row in rows:
            yield row

    return async_to_sync(whole)(csv_response("people", ["Name", "Note"], come()))


def cells(text, separator):
    return list(csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=separator))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_formula_becomes_text(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["\t=1", "\r=1", "\n=1", "\tplain", "\rplain", "\nplain"])
def test_a_tab_or_a_line_break_does_not_come_first(text):
    assert harmless(text).startswith("'")
    assert "=" not in harmless(text).replace("'=", "")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("a,=1+1", "a,'=1+1"),
        ("a\t=1+1", "a\t'=1+1"),
        ('a";"=1+1', 'a";"\'=1+1'),
        ("a\r\n=1+1", "a\r\n'=1+1"),
        ("a\n ＝1", "a\n' ＝1"),
    ],
)
def test_a_formula_behind_another_separator_becomes_text(text, kept):
    assert harmless(text) == kept


@pytest.mark.parametrize(
    "text", ["", "Aigerim", "a-b", "1+1=2", "admin:5", "2026-11-23", "x = y", "Қазақша", "'=1"]
)
def test_plain_text_stays_as_it_is(text):
    assert harmless(text) == text


def test_a_spreadsheet_reads_what_was_meant():
    text = written(["Әлия; «Ателье»", '=1+"x"'], [Decimal("-1500.50"), -3], [None, {"a": "=1"}])

    assert text.startswith("\ufeff")
    assert cells(text, ",") == [
        ["Name", "Note"],
        ["Әлия; «Ателье»", '\'=1+"x"'],
        ["-1500.50", "-3"],
        ["", '{"a": "\'=1"}'],
    ]


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_cells_and_decimals_are_divided_as_the_reader_divides_them(language):
    with translation.override(language):
        text = written(["a,b", Decimal("1.50")])

    assert cells(text, ";") == [["Name", "Note"], ["a,b", "1,50"]]


def test_many_rows_are_sent_in_parts():
    async def come():
        for number in range(1700):
            yield [number, "x"]

    async def count(response):
        return [part.count(b"\n") async for part in response]

    response = csv_response("people", ["Name", "Note"], come())

    assert async_to_sync(count)(response) == [501, 500, 500, 200]
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="people-2')
