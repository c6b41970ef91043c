"""Who may bring a sheet when, in the API and in the panel."""

from io import BytesIO

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from billing.tests.test_ledger import at_once
from catalog.bulk import requesting, working
from catalog.bulk.tests.conftest import as_csv, as_xlsx
from catalog.models import Product, ProductImport
from core import storage
from shops.tests.owners import browser_of_shop

pytestmark = pytest.mark.usefixtures("unlimited")
IMPORT = "/api/v1/shops/me/products/import"
HEADING = ["sku", "name", "price"]
SHEET = as_csv(HEADING, ["C-1", "Coat", 100], ["C-2", "=Coat", 100])


def test_a_sheet_that_was_only_looked_at_gives_way_to_the_next(bring, atelier):
    first = bring(SHEET)

    second = bring(SHEET)

    assert list(ProductImport.objects.values_list("pk", flat=True)) == [second.pk]
    assert first.pk != second.pk


def test_only_one_is_worked_on_at_a_time(as_atelier, atelier):
    job = requesting.send(atelier, "a.csv", SHEET)

    again = as_atelier.post(IMPORT, {"file": BytesIO(SHEET)}, format="multipart")

    assert (again.status_code, again.json()["code"]) == (409, "still_at_it")
    assert as_atelier.delete(f"{IMPORT}/{job.pk}").json()["code"] == "still_at_it"
    assert as_atelier.post(f"{IMPORT}/{job.pk}/confirm").json()["code"] == "still_at_it"


def test_the_answer_says_what_is_wrong_in_the_language_of_the_sender(as_atelier, work):
    sent = as_atelier.post(
        IMPORT,
        {"file": BytesIO(SHEET)},
        format="multipart",
        headers={"accept-language": "ru"},
    )
    work()

    told = as_atelier.get(f"{IMPORT}/{sent.json()['id']}").json()

    assert told["status"] == "checked"
    assert (told["created_count"], told["refused_count"]) == (1, 1)
    [error] = told["errors"]
    assert (error["row"], error["column"], error["code"]) == (3, "name", "formula")
    assert error["detail"] == "Текст не может начинаться с =, +, -, @ или табуляции."


def test_what_cannot_be_read_at_all_is_refused_at_once(as_atelier):
    def answer(sheet, **more):
        files = {"file": BytesIO(sheet)} | {name: BytesIO(file) for name, file in more.items()}
        response = as_atelier.post(IMPORT, files, format="multipart")
        return response.status_code, response.json()["code"]

    assert answer(b"\xff\xff") == (422, "unsupported_format")
    assert answer(SHEET, pictures=b"PK\x05\x06") == (422, "bad_pictures")
    assert not ProductImport.objects.exists()


def test_a_heading_that_is_not_known_fails_the_sheet(bring, as_atelier):
    job = bring(as_csv(["sku", "name", "prise"], ["C", "Coat", 1]))

    assert (job.status, job.failure_code) == ("failed", "unknown_column")
    assert "prise" in job.failure
    confirmed = as_atelier.post(f"{IMPORT}/{job.pk}/confirm")
    assert (confirmed.status_code, confirmed.json()["code"]) == (409, "import_not_checked")


def test_a_sheet_that_changes_nothing_is_not_imported(bring, as_atelier):
    job = bring(as_csv(HEADING, ["C", "=Coat", 1]))

    answer = as_atelier.post(f"{IMPORT}/{job.pk}/confirm")

    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_import")


def test_a_shop_that_is_not_approved_brings_nothing(as_atelier, atelier):
    atelier.is_approved = False
    atelier.save()

    answer = as_atelier.post(IMPORT, {"file": BytesIO(SHEET)}, format="multipart")

    assert answer.json()["code"] == "shop_not_approved"


def test_a_key_brings_it_once(as_atelier):
    def send():
        return as_atelier.post(
            IMPORT,
            {"file": BytesIO(SHEET)},
            format="multipart",
            headers={"idempotency-key": "k"},
        )

    assert send().json() == send().json()
    assert ProductImport.objects.count() == 1


def test_another_shops_sheet_is_not_found(bring, as_bazaar, bazaar):
    job = bring(SHEET)

    for response in (
        as_bazaar.get(f"{IMPORT}/{job.pk}"),
        as_bazaar.delete(f"{IMPORT}/{job.pk}"),
        as_bazaar.post(f"{IMPORT}/{job.pk}/confirm"),
        browser_of_shop(bazaar).get(f"/panel/products/import/{job.pk}/"),
        browser_of_shop(bazaar).get(f"/panel/products/import/{job.pk}/errors.csv"),
    ):
        assert response.status_code == 404


def test_a_discarded_sheet_is_gone_with_its_files(
    bring, as_atelier, atelier, django_capture_on_commit_callbacks
):
    job = bring(SHEET)
    with django_capture_on_commit_callbacks(execute=True):
        assert as_atelier.delete(f"{IMPORT}/{job.pk}").status_code == 204

    assert as_atelier.get(f"{IMPORT}/{job.pk}").status_code == 404
    with pytest.raises(FileNotFoundError):
        storage.read(storage.product_sheet(atelier.pk, job.pk))


def test_a_lost_sheet_is_given_to_another_worker(atelier, work):
    job = requesting.send(atelier, "a.csv", SHEET)
    OrmQ.objects.all().delete()
    assert requesting.resume_lost() == 0
    ProductImport.objects.update(worked_at=timezone.now() - timezone.timedelta(minutes=6))

    assert requesting.resume_lost() == 1
    work()

    job.refresh_from_db()
    assert job.status == "checked"


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_a_sheet_that_is_lost_for_a_day_makes_way(bring, atelier, work, is_confirmed):
    if is_confirmed:
        job = requesting.confirm(bring(SHEET))
    else:
        job = requesting.send(atelier, "a.csv", SHEET)
    OrmQ.objects.all().delete()
    day, lost = timezone.timedelta(days=1, minutes=1), timezone.timedelta(minutes=6)
    now = timezone.now()
    ProductImport.objects.update(created_at=now - day, worked_at=now, language="ru")
    assert requesting.resume_lost() == 0
    job.refresh_from_db()
    assert job.status in requesting.RUNNING  # a worker has it in hand
    ProductImport.objects.update(worked_at=now - lost)

    assert requesting.resume_lost() == 0

    job.refresh_from_db()
    assert (job.status, job.failure_code) == ("failed", "worker_failed")
    assert job.failure.startswith("Таблицу не удалось обработать.")
    assert not OrmQ.objects.exists()
    assert bring(SHEET).status == "checked"


def test_old_sheets_are_forgotten(bring):
    bring(SHEET)
    assert requesting.clear_old() == 0
    ProductImport.objects.update(created_at=timezone.now() - timezone.timedelta(days=8))

    requesting.clear_old()

    assert not ProductImport.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_bring_one_sheet(atelier):
    outcomes = at_once(6, lambda number: requesting.send(atelier, f"{number}.csv", SHEET))

    assert outcomes.count("ProductImport") == 1
    assert outcomes.count("StillAtIt") == 5


@pytest.fixture
def confirmed(transactional_db, atelier):
    """A sheet of twenty products that is to be imported."""
    rows = [[f"C-{number}", f"Coat {number}", 100] for number in range(20)]
    job = requesting.send(atelier, "a.xlsx", as_xlsx(HEADING, *rows))
    working.work_on(job.pk)
    return requesting.confirm(job)


def test_many_workers_make_each_product_once(confirmed):
    """A task that is delivered again while the first worker still has it in hand."""
    at_once(4, lambda _: working.work_on(confirmed.pk))

    working.work_on(confirmed.pk)  # all have stood back, perhaps
    confirmed.refresh_from_db()
    assert (confirmed.status, confirmed.created_count, confirmed.position) == ("done", 20, 20)
    assert Product.objects.count() == 20


def test_without_the_mark_products_are_made_twice(confirmed, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(working, "_mark", lambda *_: None)

    at_once(4, lambda _: working.work_on(confirmed.pk))

    assert Product.objects.count() > 20


def test_the_panel_shows_what_would_be_and_what_was_done(atelier, work):
    browser = browser_of_shop(atelier)
    sheet = BytesIO(SHEET)
    sheet.name = "coats.csv"

    sent = browser.post("/panel/products/import/", {"file": sheet}, follow=True)
    [(address, _)] = sent.redirect_chain
    assert "We are looking at the sheet." in sent.content.decode()
    assert 'http-equiv="refresh"' in sent.content.decode()
    work()
    checked = browser.get(address).content.decode()
    assert "A text must not begin with" in checked
    assert "Import the products: 1" in checked
    assert not Product.objects.exists()

    browser.post(f"{address}confirm/")
    work()

    done = browser.get(address).content.decode()
    assert "The sheet is imported, without the products that have errors" in done
    assert "coats.csv" in browser.get("/panel/products/import/").content.decode()
    assert Product.objects.get().name == "Coat"
    for way in ("products.csv", "products.xlsx", "import/template.xlsx"):
        assert browser.get(f"/panel/products/{way}").status_code == 200
    assert browser.get(f"{address}errors.csv").status_code == 200


def test_the_panel_says_why_a_sheet_is_not_taken(atelier):
    bad = BytesIO(b"\xff\xff")
    bad.name = "x.csv"

    answer = browser_of_shop(atelier).post("/panel/products/import/", {"file": bad})

    assert "Send a sheet as XLSX, or as CSV in UTF-8." in answer.content.decode()
