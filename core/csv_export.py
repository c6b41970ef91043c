"""CSV files that open well in a spreadsheet, and run nothing there."""

import csv
import json
import re
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from decimal import Decimal
from io import StringIO
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.formats import get_format
from django.utils.timezone import localdate

CHUNK_ROWS = 500
BOM = "\ufeff"
# Where a cell begins, or would begin for a program that cuts lines at another separator; then
# perhaps something that is not seen; then what begins a formula, be it in full width.
UNSEEN = r"[ \u00a0\u2000-\u200f\u202f\u3000\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]"
FORMULA = re.compile(rf'(^|\r\n|[,;|\t\r\n"])(?={UNSEEN}*[=+\-@＝＋－＠])')
FORMULA_FIRST = re.compile(rf"{UNSEEN}*[=+\-@＝＋－＠]")
CONTROL_FIRST = re.compile(r"^(?=[\t\r\n])")


def csv_response(
    name: str, heading: Iterable[str], rows: AsyncIterable[Iterable[Any]]
) -> StreamingHttpResponse:
    """Send the rows as they come, as a download `name-2026-11-23.csv`.

    Excel knows the letters by the BOM; cells and decimals are divided as the reader's language
    divides them. Numbers stay numbers; of texts no cell is a formula (see `harmless`).
    """
    decimal_point = get_format("DECIMAL_SEPARATOR")
    return StreamingHttpResponse(
        _encoded(heading, rows, decimal_point),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-{localdate()}.csv"'},
    )


def harmless(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet could take it for a formula.

    That is before `=`, `+`, `-`, `@`, a tab or a line break where a cell begins.
    """
    return FORMULA.sub(r"\1'", CONTROL_FIRST.sub("'", text))


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula."""
    return bool(CONTROL_FIRST.match(text) or FORMULA_FIRST.match(text))


async def _encoded(
    heading: Iterable[str], rows: AsyncIterable[Iterable[Any]], decimal_point: str
) -> AsyncIterator[bytes]:
    page = StringIO(BOM)
    page.seek(len(BOM))
    separator = ";" if decimal_point == "," else ","
    writer = csv.writer(page, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerow(heading)
    written = 0
    async for row in rows:
        writer.writerow([_cell(value, decimal_point) for value in row])
        written += 1
        if written % CHUNK_ROWS == 0:
            yield _taken(page)
    yield _taken(page)


def _cell(value: Any, decimal_point: str) -> Any:
    if isinstance(value, Decimal | float):
        return str(value).replace(".", decimal_point)
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
    return harmless(value) if isinstance(value, str) else value


def _taken(page: StringIO) -> bytes:
    """What has been written since the last time."""
    text = page.getvalue()
    page.seek(0)
    page.truncate()
    return text.encode()
