"""Sheets of strangers: what is read of them, and what is refused."""

import struct
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest
from openpyxl import Workbook

from catalog.bulk import sheets
from catalog.bulk.columns import CHARACTERISTICS, COLUMNS, Heading, _labels
from catalog.bulk.sheets import Formula, SheetRefused
from catalog.bulk.tests.conftest import as_csv, as_xlsx
from catalog.characteristics import REQUIRABLE

NS = "http://schemas.openxmlformats.org"
PACKAGE, DOCUMENT = f"{NS}/package/2006", f"{NS}/officeDocument/2006/relationships"
SHEET, KIND = f"{NS}/spreadsheetml/2006/main", "application/vnd.openxmlformats-officedocument"
# A workbook as Excel and LibreOffice write it, with its texts in a list of their own.
SHARED = {
    "[Content_Types].xml": f"""<Types xmlns="{PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{KIND}.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/sheet1.xml" ContentType="{KIND}.spreadsheetml.worksheet+xml"/>
<Override PartName="/xl/shared.xml" ContentType="{KIND}.spreadsheetml.sharedStrings+xml"/>
</Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="r" Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/workbook.xml": f"""<workbook xmlns="{SHEET}" xmlns:r="{DOCUMENT}">
<sheets><sheet name="A" sheetId="1" r:id="r"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="r" Type="{DOCUMENT}/worksheet" Target="sheet1.xml"/></Relationships>""",
    "xl/shared.xml": f"""<sst xmlns="{SHEET}"><si><t>name</t></si>
<si><r><t>Жаз</t></r><r><t>дық</t></r></si></sst>""",
    "xl/sheet1.xml": f"""<worksheet xmlns="{SHEET}"><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c>
<c r="B2" t="str"><f>A1</f><v>name</v></c><c r="C2" t="e"><v>#REF!</v></c></row>
</sheetData></worksheet>""",
}
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


def shared(laughing=""):
    """The same as a file, with entities in one of its parts."""
    output = BytesIO()
    with ZipFile(output, "w", ZIP_DEFLATED) as zipped:
        for name, text in SHARED.items():
            zipped.writestr(name, LAUGHS + text if name == laughing else text)
    return output.getvalue()


def refused(content, read=sheets.rows):
    with pytest.raises(SheetRefused) as refusal:
        read(content)
    return refusal.value.code


def rewritten(content, part, change):
    """The workbook with one of its parts changed."""
    output = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(output, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text) if name == part else text)
    return output.getvalue()


def test_cells_come_as_they_are_meant():
    content = as_xlsx(["a"], [12.0, 0.1 + 0.2, True, date(2026, 11, 28), " x ", None, 7])

    [_, (number, cells)] = sheets.rows(content)
    assert (number, cells[:7]) == (2, ["12", "0.3", "yes", "2026-11-28", "x", "", "7"])
    assert set(cells[7:]) == {""}


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_is_read_with_its_own_separator(separator):
    content = as_csv(["sku", "name"], ["1", 'a "b"; c, d'], separator=separator)

    assert sheets.rows(content) == [(1, ["sku", "name"]), (2, ["1", 'a "b"; c, d'])]


def test_rows_keep_their_numbers_and_empty_ones_are_left_out():
    book = Workbook()
    book.active["A1"], book.active["B5"] = "name", "x"
    output = BytesIO()
    book.save(output)

    assert [number for number, _ in sheets.rows(output.getvalue())] == [1, 5]


def test_a_formula_is_known_and_nothing_is_calculated():
    [_, (_, cells)] = sheets.rows(as_xlsx(["a", "b"], ['=HYPERLINK("http://evil")', "plain"]))

    assert isinstance(cells[0], Formula)
    assert not isinstance(cells[1], Formula)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet_empty"),
        (b"\xff\xfe\x00", "unsupported_format"),
        ("имя;цена".encode("cp1251"), "unsupported_format"),
        (b"a;b\0", "unsupported_format"),
        (b'a;"b\nc', "broken_sheet"),
        (b"PK\x05\x06" + b"\0" * 18, "broken_sheet"),
        (b"x" * (sheets.SHEET_BYTES + 1), "sheet_too_large"),
    ],
)
def test_what_is_no_sheet_is_refused(content, code):
    assert refused(content) == code


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    rows = [[number] for number in range(4)]

    assert len(sheets.rows(as_xlsx(["a"], *rows[:3]))) == 4
    assert refused(as_xlsx(["a"], *rows)) == "too_many_rows"
    assert refused(as_csv(["a"], *rows)) == "too_many_rows"


def test_a_bomb_is_refused_before_it_is_unpacked():
    def change(text):
        return text.replace(b"<sheetData>", b"<sheetData>" + b" " * sheets.UNPACKED_BYTES)

    bomb = rewritten(as_xlsx(["a"]), "xl/worksheets/sheet1.xml", change)

    assert len(bomb) < 100_000
    assert refused(bomb, sheets.check) == "sheet_too_large"


def test_a_bomb_that_lies_about_its_size_is_damaged():
    def change(text):
        return text.replace(b"<sheetData>", b"<sheetData>" + b" " * sheets.UNPACKED_BYTES)

    bomb = bytearray(rewritten(as_xlsx(["a"]), "xl/worksheets/sheet1.xml", change))
    where = bomb.rindex(b"xl/worksheets/sheet1.xml") - 46  # its entry in the list of names
    assert bomb[where : where + 4] == b"PK\x01\x02"
    struct.pack_into("<I", bomb, where + 24, 1000)

    sheets.check(bytes(bomb))
    assert refused(bytes(bomb)) == "broken_sheet"


def test_other_ways_of_packing_are_refused():
    output = BytesIO()
    with ZipFile(output, "w", ZIP_LZMA) as zipped:
        zipped.writestr("xl/workbook.xml", "x")

    assert refused(output.getvalue(), sheets.check) == "broken_sheet"


@pytest.mark.parametrize("part", sorted({*SHARED} - {"_rels/.rels"}))  # which is not read
def test_entities_are_not_resolved(part):
    assert refused(shared(laughing=part)) == "broken_sheet"


def test_texts_in_a_list_of_their_own_are_read():
    [(_, heading), (number, cells)] = sheets.rows(shared())

    assert (heading[0], number, cells[:3]) == ("name", 2, ["Жаздық", "=A1", "#REF!"])
    assert [type(cell) for cell in cells[:3]] == [str, Formula, Formula]


def test_a_row_at_the_end_of_the_world_takes_no_time():
    def change(text):
        return text.replace(b'<row r="2"', b'<row r="1000000"').replace(b'"A2"', b'"A1000000"')

    far = rewritten(as_xlsx(["a"], ["b"]), "xl/worksheets/sheet1.xml", change)

    assert [number for number, _ in sheets.rows(far)] == [1, 1_000_000]


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        (["sku", "name", "price", "prise"], "unknown_column"),
        (["sku", "name", "price", "NAME"], "repeated_column"),
        (["sku", "Название товара", "price", "name"], "repeated_column"),
        (["sku", "price"], "missing_column"),
    ],
)
def test_a_heading_that_is_not_understood_is_refused(heading, code):
    assert refused(heading, lambda texts: Heading((1, texts))) == code


def test_a_column_is_known_by_its_label_in_every_language():
    assert {*_labels().values()} == {*COLUMNS}
    assert len(_labels()) >= 2.5 * len(COLUMNS)
    heading = Heading((1, ["SKU", "Название товара", "price", ""]))
    assert heading.names == {"sku", "name", "price"}


def test_what_a_category_may_require_is_a_column():
    assert {*REQUIRABLE} <= {*CHARACTERISTICS} <= {*COLUMNS}
