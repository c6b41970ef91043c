"""A sheet of products: looked at, confirmed, imported product by product."""

from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import moderation
from catalog.bulk import pictures, requesting, working
from catalog.bulk.tests.conftest import as_csv, as_xlsx, as_zip, errors_of
from catalog.models import Product, ProductImport, ProductVariant
from catalog.products import create_product, update_product
from catalog.variants import Offer
from core import images, storage

pytestmark = pytest.mark.usefixtures("unlimited")
HEADING = ["sku", "name", "description", "category", "price", "size", "colour", "stock"]
DRESS = ["D-S", "Silk dress", "Cut on the bias", "dresses", 24990, "S", "blue", 3]
DRESS_M = ["D-M", "Silk dress", "Cut on the bias", "dresses", 24990, "M", "blue", 2]
COAT = ["C-1", "Coat", "", "", 50000.5, "", "", ""]
GOOD = (HEADING, DRESS, DRESS_M, COAT)


@pytest.mark.parametrize("written", [as_xlsx, as_csv])
def test_looking_at_a_sheet_changes_nothing(bring, atelier, dresses, written):
    job = bring(written(*GOOD))

    assert job.status == "checked"
    assert (job.rows_count, job.products_count, job.created_count) == (3, 2, 2)
    assert (job.changed_count, job.refused_count, job.errors_count) == (0, 0, 0)
    assert not Product.objects.exists()


@pytest.mark.parametrize("written", [as_xlsx, as_csv])
def test_a_confirmed_sheet_makes_products_with_their_variants(bring, atelier, dresses, written):
    job = bring(written(*GOOD), is_confirmed=True)

    assert (job.status, job.created_count, job.position) == ("done", 2, 2)
    dress, coat = Product.objects.order_by("pk")
    assert (dress.name, dress.description, dress.price) == (*DRESS[1:3], 24990)
    assert (dress.category, dress.moderation_status, dress.is_active) == (dresses, "pending", False)
    assert list(dress.variants.values_list("sku", "size", "colour", "stock")) == [
        ("D-S", "S", "blue", 3),
        ("D-M", "M", "blue", 2),
    ]
    assert (coat.price, coat.category, coat.variants.get().stock) == (
        Decimal("50000.5"),
        None,
        None,
    )


def test_the_same_sheet_again_changes_nothing(bring, dresses):
    bring(as_xlsx(*GOOD), is_confirmed=True)
    before = list(Product.objects.order_by("pk").values())

    again = bring(as_xlsx(*GOOD))

    assert (again.unchanged_count, again.created_count, again.changed_count) == (2, 0, 0)
    assert list(Product.objects.order_by("pk").values()) == before


def test_what_changes_is_changed_and_the_rest_stays(bring, dresses, admin):
    bring(as_xlsx(*GOOD), is_confirmed=True)
    dress, coat = Product.objects.order_by("pk")
    moderation.approve(dress, by=admin)
    moderation.approve(coat, by=admin)

    heading = ["sku", "name", "price", "stock"]
    rows = ["D-M", "Silk dress", 19990, 7], ["C-1", "Warm coat", 50000.5, ""]
    job = bring(as_xlsx(heading, *rows), is_confirmed=True)

    assert (job.changed_count, job.created_count) == (2, 0)
    dress.refresh_from_db()
    # A price and a stock need no moderator; the size that is not in the sheet stays.
    assert (dress.price, dress.is_active, dress.description) == (19990, True, DRESS[2])
    assert dict(dress.variants.values_list("sku", "stock")) == {"D-S": 3, "D-M": 7}
    coat.refresh_from_db()
    assert (coat.name, coat.moderation_status) == ("Coat", "approved")
    assert coat.revision.proposed == {"name": "Warm coat"}

    again = bring(as_xlsx(heading, *rows))
    assert (again.changed_count, again.unchanged_count) == (0, 2)  # it waits already


def test_every_fault_is_told_by_row_and_column_and_the_rest_comes(bring, dresses):
    job = bring(
        as_xlsx(
            HEADING,
            DRESS,
            ["X-1", "Skirt", "", "no-such", "much", "S", "", -1],
            ["X-2", "", "", "", 100, "S" * 21, "", ""],
            ["", "No SKU", "", "", 100, "", "", ""],
            ["D-S", "Another", "", "", 100, "", "", ""],
            ["X-3", "=1+1", "", "", 100, "", "", ""],
            ["X-4", "@SUM", "-5", "", 100, "", "", ""],
            ["X-5", "n" * 201, "", "", 0, "", "", ""],
        ),
        is_confirmed=True,
    )

    assert errors_of(job) == {
        (3, "price"): "invalid",
        (3, "stock"): "min_value",
        (4, "name"): "required",
        (4, "size"): "max_length",
        (5, "sku"): "required",
        (6, "sku"): "repeated",
        (7, "name"): "formula",
        (8, "name"): "formula",
        (9, "name"): "max_length",
        (9, "price"): "min_value",
    }
    assert (job.refused_count, job.created_count) == (7, 1)
    assert list(Product.objects.values_list("name", flat=True)) == ["Silk dress"]


def test_an_unknown_category_is_told_and_known_ones_may_be_called_by_name(bring, dresses):
    rows = ["A", "A", 100, "Платья"], ["B", "B", 100, "dresses"], ["C", "C", 100, "Spacesuits"]
    job = bring(as_csv(["sku", "name", "price", "category"], *rows), is_confirmed=True)

    assert errors_of(job) == {(4, "category"): "unknown"}
    assert set(Product.objects.values_list("name", "category")) == {
        ("A", dresses.pk),
        ("B", dresses.pk),
    }


def test_a_product_with_one_faulty_row_is_not_half_imported(bring, dresses):
    faulty = [*DRESS_M[:-1], "many"]

    job = bring(as_xlsx(HEADING, DRESS, faulty, COAT), is_confirmed=True)

    assert errors_of(job) == {(3, "stock"): "invalid"}
    assert list(Product.objects.values_list("name", flat=True)) == ["Coat"]
    assert ProductVariant.objects.count() == 1


def test_rows_of_one_product_say_the_same_of_it(bring, dresses):
    other = [*DRESS_M[:4], 1, *DRESS_M[5:]]

    job = bring(as_xlsx(HEADING, DRESS, other))

    assert errors_of(job) == {(3, "price"): "contradiction"}


def test_two_rows_of_one_size_and_colour_are_refused(bring, dresses):
    job = bring(as_xlsx(HEADING, DRESS, [*DRESS_M[:5], *DRESS[5:]]))

    assert set(errors_of(job).values()) == {"repeated"}
    assert job.refused_count == 1


def test_another_shops_products_are_not_known(bring, bazaar, dresses):
    theirs = create_product(bazaar, name="Theirs", price=Decimal(5), offers=[Offer(sku="C-1")])

    job = bring(
        as_xlsx(
            ["id", "sku", "name", "price"], [theirs.pk, "Z", "Mine", 1], ["", "C-1", "Coat", 9]
        ),
        is_confirmed=True,
    )

    assert errors_of(job) == {(2, "id"): "unknown"}
    assert job.created_count == 1
    theirs.refresh_from_db()
    assert (theirs.name, theirs.price) == ("Theirs", 5)


def test_promised_pieces_stay_in_stock(bring, atelier):
    product = create_product(
        atelier, name="Coat", price=Decimal(5), offers=[Offer(sku="C-1", stock=5)]
    )
    product.variants.update(reserved=3)

    job = bring(as_xlsx(["sku", "name", "price", "stock"], ["C-1", "Coat", 5, 2]))

    assert errors_of(job) == {(2, "stock"): "stock_promised"}
    product.variants.update(reserved=0)  # no order has really promised them


def test_what_two_products_share_is_not_guessed(bring, atelier):
    for name in ("One", "Two"):
        create_product(atelier, name=name, price=Decimal(5), offers=[Offer(sku="S")])

    job = bring(as_xlsx(["sku", "name", "price"], ["S", "One", 5]))

    assert errors_of(job) == {(2, "sku"): "ambiguous"}


def test_rental_and_characteristics_come_too(bring, atelier):
    heading = ["sku", "name", "price", "material", "characteristics.fit", "price_per_day"]
    heading += ["max_days", "rental_units"]

    bring(as_xlsx(heading, ["C-1", "Coat", 5, "wool", "loose", 700, 7, 2]), is_confirmed=True)

    coat = Product.objects.get()
    assert coat.characteristics == {"material": "wool", "fit": "loose"}
    assert (coat.rental_terms.price_per_day, coat.rental_terms.max_days) == (700, 7)
    assert coat.variants.get().rental_units == 2
    bring(as_xlsx(heading, ["C-1", "Coat", 5, "", "loose", "", "", 0]), is_confirmed=True)
    coat = Product.objects.get()
    assert coat.characteristics == {"fit": "loose"}
    assert not hasattr(coat, "rental_terms")


def test_what_a_category_requires_is_missed_before_anything_is_imported(
    bring, atelier, dresses, admin
):
    make = partial(create_product, atelier, price=Decimal(5), category=dresses)
    make(name="Old", offers=[Offer(sku="O")])
    moderation.approve(make(name="Older", offers=[Offer(sku="P")]), by=admin)
    dresses.required_characteristics = ["composition", "sleeve"]
    dresses.save()
    heading = ["sku", "name", "price", "category", "composition", "sleeve"]
    new = ["A", "A", 5, "dresses", "", "long"], ["B", "B", 5, "dresses", "silk", "long"]
    others = ["C", "C", 5, "", "", ""], ["O", "Renamed", 5, "dresses", "", ""]

    # A price goes without a moderator, who would miss something.
    job = bring(as_xlsx(heading, *new, *others, ["P", "Older", 7, "dresses", "", ""]))

    assert errors_of(job) == {
        (2, "composition"): "characteristics_missing",
        (5, "composition"): "characteristics_missing",
        (5, "sleeve"): "characteristics_missing",
    }
    assert (job.refused_count, job.created_count, job.changed_count) == (2, 2, 1)
    detail = "Required in this category: Sleeves."
    assert job.errors.get(column="sleeve").detail == detail


def test_pictures_come_out_of_the_zip(bring, atelier, picture):
    heading = ["sku", "name", "price", "pictures"]
    rows = ["A", "A", 5, "front.jpg; back.jpg"], ["B", "B", 5, "gone.jpg"], ["C", "C", 5, "bad.jpg"]
    files = as_zip(front=picture, back=picture, bad=b"no picture")

    job = bring(as_xlsx(heading, *rows), files, is_confirmed=True)

    assert errors_of(job) == {(3, "pictures"): "bad_picture", (4, "pictures"): "bad_picture"}
    product = Product.objects.get()
    assert [storage.read(name) for name in product.images] == [images.clean(picture)] * 2
    again = bring(as_xlsx(heading, rows[0]), files)
    assert again.unchanged_count == 1


def test_pictures_are_opened_while_no_product_is_held(confirmed_pictures, monkeypatch):
    """Others would wait for the product while ten large ones are decoded."""
    clean, held = images.clean, []

    def watched(content):
        held.append(connection.in_atomic_block)
        return clean(content)

    monkeypatch.setattr(images, "clean", watched)

    working.work_on(confirmed_pictures.pk)

    assert held == [False, False]
    assert ProductImport.objects.get().changed_count == 1
    assert len(Product.objects.get().images) == 2


@pytest.fixture
def confirmed_pictures(transactional_db, atelier, picture):
    """A sheet that gives a product two pictures is to be imported."""
    create_product(atelier, name="A", price=Decimal(5), offers=[Offer(sku="A")])
    sheet = as_xlsx(["sku", "name", "price", "pictures"], ["A", "A", 5, "front.jpg; back.jpg"])
    job = requesting.send(atelier, "a.xlsx", sheet, as_zip(front=picture, back=picture))
    working.work_on(job.pk)
    return requesting.confirm(job)


def test_a_product_that_begins_anew_reads_its_pictures_once(picture, monkeypatch):
    monkeypatch.setattr(pictures, "UNPACKED_BYTES", len(picture) + 1)
    zipped = pictures.Pictures(as_zip(front=picture))

    with zipped.opened("front.jpg"):
        assert zipped.of("front.jpg") == zipped.of("front.jpg") == [images.clean(picture)]
    with pytest.raises(pictures.PictureUnreadable):
        zipped.of("front.jpg")  # the bytes that may be unpacked are spent


def test_moderators_hear_of_all_at_once(bring, dresses, published):
    with published() as events:
        bring(as_xlsx(*GOOD), is_confirmed=True)

    heard = [(audience, kind) for audience, kind, _ in events]
    assert heard.count(("admins", "products_imported")) == 1
    assert ("admins", "product_submitted") not in heard
    [about] = [data for _, kind, data in events if kind == "products_imported"]
    assert (about["count"], about["pending_count"]) == (2, 2)
    told = [data["status"] for _, kind, data in events if kind == "product_import_updated"]
    assert (told[0], told[-1]) == ("checked", "done")


class Killed(BaseException):
    """What a worker that is killed does: nothing more."""


@pytest.mark.parametrize("point", ["create_product", "_carried_out", "_finish"])
def test_a_killed_worker_is_followed_by_one_that_goes_on(bring, dresses, monkeypatch, point, work):
    """It dies before or after the second product is made, or when all are there."""
    job = bring(as_xlsx(*GOOD))
    requesting.confirm(job)
    with monkeypatch.context() as patch:
        die_at(patch, point)
        with pytest.raises(Killed):
            work()
    job.refresh_from_db()
    done = Product.objects.count()
    assert job.status == "importing"
    assert job.position == job.created_count == done

    working.work_on(job.pk)

    job.refresh_from_db()
    assert (job.status, job.created_count) == ("done", 2)
    assert Product.objects.count() == 2
    assert ProductVariant.objects.count() == 3


def die_at(patch, point):
    whole = getattr(working, point)
    calls = []

    def die(*told, **more):
        calls.append(point)
        if point == "_carried_out":
            outcome = whole(*told, **more)
        if point == "_finish" or len(calls) == 2:
            raise Killed
        return outcome if point == "_carried_out" else whole(*told, **more)

    patch.setattr(working, point, die)


def test_a_piece_of_work_ends_and_the_next_goes_on(bring, dresses, monkeypatch):
    monkeypatch.setattr(working, "WORK_SECONDS", -1)

    job = bring(as_xlsx(*GOOD), is_confirmed=True)

    assert (job.status, job.created_count) == ("done", 2)


def test_the_files_go_when_it_is_done(bring, dresses, atelier, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = bring(as_xlsx(*GOOD), is_confirmed=True)

    with pytest.raises(FileNotFoundError):
        storage.read(storage.product_sheet(atelier.pk, job.pk))


def test_a_rule_that_is_broken_meanwhile_is_told_and_the_rest_comes(bring, atelier, dresses):
    job = bring(as_xlsx(*GOOD))
    requesting.confirm(job)
    atelier.is_approved = False
    atelier.save()

    working.work_on(job.pk)

    job.refresh_from_db()
    assert (job.status, job.refused_count) == ("done", 2)
    assert set(errors_of(job).values()) == {"shop_not_approved"}
    assert not Product.objects.exists()


def test_an_edit_meanwhile_is_not_undone(bring, atelier, dresses):
    """What the sheet says nothing of is read when the product's turn comes."""
    product = create_product(atelier, name="Coat", price=Decimal(5), offers=[Offer(sku="C")])
    job = bring(as_xlsx(["sku", "name", "price"], ["C", "Coat", 9]))
    update_product(product, description="Warm", offers=[Offer(sku="C"), Offer("M", sku="C-M")])
    requesting.confirm(job)

    working.work_on(job.pk)

    product.refresh_from_db()
    assert (product.price, product.description) == (9, "Warm")
    assert product.variants.count() == 2
    assert ProductImport.objects.get().changed_count == 1


def test_a_new_product_takes_few_statements(bring, dresses):
    """So that a thousand take seconds."""
    numbers = {}
    for count in (10, 20):
        rows = [[f"{count}-{n}", f"{count}-{n}", "", "dresses", 5, "", "", 1] for n in range(count)]
        job = bring(as_xlsx(HEADING, *rows))
        requesting.confirm(job)
        with CaptureQueriesContext(connection) as captured:
            working.work_on(job.pk)
        numbers[count] = len(captured)

    assert numbers[20] - numbers[10] == 10 * 7
