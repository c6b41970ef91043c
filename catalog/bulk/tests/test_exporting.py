"""A shop's products as a sheet, which read back changes nothing."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from asgiref.sync import async_to_sync
from django.utils import translation
from openpyxl import load_workbook

from catalog import moderation
from catalog.bulk import exporting
from catalog.bulk.tests.conftest import errors_of
from catalog.products import create_product, update_product
from catalog.variants import Offer

pytestmark = pytest.mark.usefixtures("unlimited")
EXPORT = "/api/v1/shops/me/products/export"
EVIL = '=HYPERLINK("http://evil","x")'


@pytest.fixture
def full(atelier, bazaar, dresses, picture):
    """Products with all that can be said of them."""
    create_product(bazaar, name="Theirs", price=Decimal(5))
    create_product(
        atelier,
        name=EVIL,
        description="-5% today\r\n+ delivery; -1, =2\n",
        price=Decimal("19990.50"),
        category=dresses,
        characteristics={"material": "silk", "fit": "=loose", "sizes": 5, "lined": True},
        images=[picture, picture],
        offers=[
            Offer("S", "blue", "0012", Decimal("18000.10"), 3, 1),
            Offer("M", "@red", "", None, None, 0, is_active=False),
        ],
        rental_terms={"price_per_day": Decimal(700), "deposit": Decimal(0), "max_days": 9},
    )
    return create_product(atelier, name="Plain", price=Decimal(7), offers=[Offer(sku="P")])


def body(response):
    if response.streaming:

        async def whole():
            return b"".join([part async for part in response])

        return async_to_sync(whole)()
    return response.content


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_what_is_exported_can_be_read_back_and_changes_nothing(
    as_atelier, full, bring, kind, language
):
    response = as_atelier.get(EXPORT, {"format": kind}, headers={"accept-language": language})

    job = bring(body(response))

    assert errors_of(job) == {}
    assert (job.status, job.unchanged_count, job.changed_count) == ("checked", 2, 0)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_waits_for_moderation_is_exported_and_waits_on(
    as_atelier, full, bring, admin, dresses, picture, kind
):
    moderation.approve(full, by=admin)
    changes = {"name": "Warm", "category": dresses, "characteristics": {"lining": "silk"}}
    update_product(full, images=[picture], **changes)
    waiting = full.revisions.waiting().values().get()

    job = bring(body(as_atelier.get(EXPORT, {"format": kind})))

    assert errors_of(job) == {}
    assert (job.unchanged_count, job.changed_count) == (2, 0)
    assert full.revisions.waiting().values().get() == waiting


def test_a_sheet_with_another_stock_leaves_what_waits_as_it_is(as_atelier, full, bring, admin):
    moderation.approve(full, by=admin)
    update_product(full, name="Warm")
    book = load_workbook(BytesIO(body(as_atelier.get(EXPORT))))
    heading, *_, last = book.active.iter_rows()
    last[[cell.value for cell in heading].index("In stock")].value = 4
    changed = BytesIO()
    book.save(changed)

    job = bring(changed.getvalue(), is_confirmed=True)

    assert (errors_of(job), job.changed_count) == ({}, 1)
    assert full.variants.get().stock == 4
    assert full.revisions.waiting().get().proposed == {"name": "Warm"}


def test_characteristics_that_are_no_table_of_them_are_none(as_atelier, full, bring):
    """The database refuses such ones of a product, and not of a revision."""
    full.revisions.create(proposed={"characteristics": ["silk"]})

    job = bring(body(as_atelier.get(EXPORT)))

    assert (errors_of(job), job.unchanged_count) == ({}, 2)


def test_no_cell_is_a_formula(as_atelier, full):
    page = load_workbook(BytesIO(body(as_atelier.get(EXPORT)))).active

    cells = [cell for row in page.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "inlineStr", "n"}
    assert f"'{EVIL}" in {cell.value for cell in cells}
    text = body(as_atelier.get(EXPORT, {"format": "csv"})).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text)))
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@", "\t"}]


def test_it_has_a_row_for_each_variant_and_the_shops_own_products_alone(as_atelier, full):
    page = load_workbook(BytesIO(body(as_atelier.get(EXPORT)))).active

    heading, *rows = page.values
    assert heading[:4] == ("Product number", "SKU", "Name of the product", "Name in Kazakh")
    assert [dict(zip(heading, row, strict=True))["Name of the product"] for row in rows] == [
        f"'{EVIL}",
        f"'{EVIL}",
        "Plain",
    ]
    assert rows[0][1] == "0012"


@pytest.mark.parametrize(("language", "words"), [("en", ["yes", "no"]), ("kk", ["иә", "жоқ"])])
def test_a_stream_is_in_the_language_in_which_it_was_asked_for(as_atelier, full, language, words):
    asked = {"accept-language": language}
    response = as_atelier.get(EXPORT, {"format": "csv"}, headers=asked)

    with translation.override("ru"):
        text = body(response).decode("utf-8-sig")

    _, *rows = csv.reader(StringIO(text), delimiter="," if language == "en" else ";")
    assert [row[exporting.ORDER.index("offered")] for row in rows] == [*words, words[0]]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_hundred_products_take_no_more_queries_than_one(
    as_atelier, atelier, full, admin, dresses, kind, django_assert_num_queries
):
    for number in range(3):
        moderation.approve(create_product(atelier, name=f"{number}", price=Decimal(1)), by=admin)
        update_product(atelier.products.latest("pk"), category=dresses)

    with django_assert_num_queries(10 if kind == "xlsx" else 9):
        body(as_atelier.get(EXPORT, {"format": kind}))


def test_more_than_a_workbook_holds_is_refused(as_atelier, full, monkeypatch):
    monkeypatch.setattr(exporting, "XLSX_ROWS", 2)

    response = as_atelier.get(EXPORT)

    assert (response.status_code, response.json()["code"]) == (422, "too_many_rows")
    assert as_atelier.get(EXPORT, {"format": "csv"}).status_code == 200
    assert as_atelier.get(EXPORT, {"format": "ods"}).status_code == 422


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_template_is_a_sheet_that_can_be_brought(bring, dresses, atelier, language):
    with translation.override(language):
        content = exporting.template().content

    job = bring(content)

    assert errors_of(job) == {}
    assert (job.created_count, job.rows_count) == (1, 2)
