"""Sheets as a shop would write them."""

import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from catalog.models import ProductImport


def as_xlsx(heading, *rows):
    """A workbook with these rows."""
    book = Workbook()
    for row in (heading, *rows):
        book.active.append(list(row))
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def as_csv(heading, *rows, separator=";"):
    text = StringIO()
    csv.writer(text, delimiter=separator).writerows([heading, *rows])
    return ("\ufeff" + text.getvalue()).encode()


def as_zip(**files):
    output = BytesIO()
    with ZipFile(output, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(f"{name}.jpg", content)
    return output.getvalue()


@pytest.fixture
def bring(as_atelier, work):
    """Send a sheet as the shop does and let the worker look at it; the row of the import."""

    def send(sheet, pictures=None, *, is_confirmed=False, client=as_atelier):
        files = {"file": BytesIO(sheet)} | ({"pictures": BytesIO(pictures)} if pictures else {})
        files["file"].name = "products.xlsx"
        sent = client.post("/api/v1/shops/me/products/import", files, format="multipart")
        assert sent.status_code == 202, sent.json()
        work()
        job = ProductImport.objects.get(pk=sent.json()["id"])
        if is_confirmed:
            address = f"/api/v1/shops/me/products/import/{job.pk}/confirm"
            confirmed = client.post(address)
            assert confirmed.status_code == 202, confirmed.json()
            while work():
                pass
            job.refresh_from_db()
        return job

    return send


def errors_of(job):
    """What is wrong: {(row, column): code}."""
    return {(error.row, error.column): error.code for error in job.errors.all()}
