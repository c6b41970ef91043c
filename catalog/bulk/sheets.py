"""Reading a sheet from a stranger: CSV in UTF-8, or an XLSX that is as small as it looks.

Nothing is calculated: a cell with a formula, or with the error that one left, comes as a Formula.
"""

import csv
import warnings
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any
from zipfile import is_zipfile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL

from core.errors import Refusal
from core.zips import Zip, ZipRefused

MOST_ROWS = 5000  # below the heading, empty ones aside
MOST_COLUMNS = 100
LAST_ROW = 1_048_576  # of a sheet in a spreadsheet
SHEET_BYTES = 5 * 1024 * 1024
UNPACKED_BYTES = 24 * 1024 * 1024
MOST_PARTS = 500
Row = tuple[int, list[str]]  # its number, and the texts of its cells


class Formula(str):
    """The text of a cell that a spreadsheet has calculated."""

    __slots__ = ()


class SheetRefused(Refusal):
    """It is no sheet that can be read; `code` says why."""

    status = 422

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code  # type: ignore[misc]  # one class for a table of codes


def check(content: bytes) -> None:
    """Raise SheetRefused for what is no CSV or XLSX, or too large; looks at the outside alone."""
    if len(content) > SHEET_BYTES:
        message = _("The sheet is larger than %(most)d MB.")
        raise SheetRefused("sheet_too_large", message % {"most": SHEET_BYTES // 1024**2})
    if is_zipfile(BytesIO(content)):
        _check_xlsx(content)
    else:
        _decoded(content)


def rows(content: bytes) -> list[Row]:
    """The rows that are not empty, the heading first; SheetRefused for too many, or a broken file.

    Numbers come as a machine writes them, dates by ISO 8601, whether something is so as yes or no.
    """
    check(content)
    found = _of_xlsx(content) if is_zipfile(BytesIO(content)) else _of_csv(_decoded(content))
    filled = list(_bounded(found))
    if not filled:
        raise SheetRefused("sheet_empty", _("The sheet is empty."))
    return filled


def _bounded(found: Iterable[Row]) -> Iterator[Row]:
    count = 0
    for number, cells in found:
        if any(cells):
            count += 1
            yield number, cells
        if count > MOST_ROWS + 1:
            message = _("A sheet has at most %(most)d rows: send it in parts.")
            raise SheetRefused("too_many_rows", message % {"most": MOST_ROWS})


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = _("Send a sheet as XLSX, or as CSV in UTF-8.")
        raise SheetRefused("unsupported_format", message) from error
    if "\0" in text:
        raise SheetRefused("unsupported_format", _("Send a sheet as XLSX, or as CSV in UTF-8."))
    return text


def _of_csv(text: str) -> Iterator[Row]:
    heading = text.partition("\n")[0]
    separator = max(";,\t", key=heading.count)
    try:
        read = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
        for number, cells in enumerate(read, 1):
            yield number, [_plain(cell) for cell in cells[:MOST_COLUMNS]]
    except csv.Error as error:
        raise _broken() from error


def _check_xlsx(content: bytes) -> None:
    try:
        parts = Zip(content, most_bytes=0)
    except ZipRefused as refused:
        raise _broken() from refused
    if not parts.is_plain:
        raise _broken()
    if parts.unpacked_bytes > UNPACKED_BYTES or len(parts.names) > MOST_PARTS:
        raise SheetRefused("sheet_too_large", _("The sheet is too large when it is unpacked."))


def _of_xlsx(content: bytes) -> Iterator[Row]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of decorations that openpyxl does not know
            book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
            page: Any = book.worksheets[0]
            page.reset_dimensions()  # they are only what the file says
            found = page.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS)
            empty = None  # every row that the file leaves out is this one
            for number, cells in enumerate(found, 1):
                if cells is empty:
                    continue
                if any(cell is not EMPTY_CELL for cell in cells):
                    yield number, [_text(cell) for cell in cells]
                else:
                    empty = cells
    except Exception as error:  # openpyxl raises many kinds on damaged files
        raise _broken() from error


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in {"f", "e"}:
        return Formula(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"  # as many digits as a spreadsheet shows
    if isinstance(value, datetime) and value == datetime.combine(value, datetime.min.time()):
        return value.date().isoformat()
    return _plain(str(value))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip(" \n\u00a0") if text else ""


def _broken() -> SheetRefused:
    return SheetRefused("broken_sheet", _("The sheet is damaged and cannot be read."))
