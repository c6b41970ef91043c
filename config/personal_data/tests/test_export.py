"""A copy of everything about a person: complete, theirs alone, once a day, gone after a week."""

import json
import os
import time
import tracemalloc
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import AsyncClient
from django.utils import timezone
from django_q.models import OrmQ

from accounts.models import DataExport
from billing.payments import starting
from catalog.alerts import waiting
from catalog.favourites import choosing
from catalog.reports import reporting
from catalog.reviews import reviewing
from config.personal_data import export, tasks
from config.personal_data.tests.conftest import files
from core import storage
from generations import kept_photos
from orders import carts
from orders.checkout import buy_from_balance
from orders.delivery import addresses
from orders.quotes import Wish
from orders.tests.steps import completed
from realtime.models import Event
from wardrobe import keeping
from wardrobe.collecting import groups
from wardrobe.outfits import composing
from wardrobe.wearing import diary

EXPORT = "/api/v1/users/me/export"
# Tables that say whose a row is.
OWNED = "SELECT DISTINCT table_name FROM information_schema.columns WHERE column_name = 'user_id'"


@pytest.fixture
def busy(aigerim, as_aigerim, ask, dress_on_sale, work, picture):
    """Aigerim has a row in everything."""
    ask(as_aigerim)
    work()
    completed(buy_from_balance(aigerim, dress_on_sale))
    starting.start_topup(aigerim, Decimal(500))
    hat = keeping.keep(aigerim, "uploaded", name="Шляпа", pictures=[picture])
    composing.compose(aigerim, [{"item_id": hat.pk}], name="День")
    diary.write(aigerim, date(2026, 3, 21), [hat.pk])
    groups.make(aigerim, "Капсула", [hat.pk])
    kept_photos.add(aigerim, picture)
    waiting.ask(aigerim, "price_drop", product_id=dress_on_sale.pk)
    reporting.report(aigerim, dress_on_sale.pk, reason="fraud")
    choosing.add(aigerim, dress_on_sale.pk)
    reviewing.write(aigerim, dress_on_sale.pk, rating=5, pictures=[picture])
    carts.add(aigerim, Wish(dress_on_sale.variants.get().pk))
    addresses.add(aigerim, recipient="A", phone="77777", city="Almaty", street="Abai 1")
    return aigerim


def download(url):
    """As a browser does, from the served application."""

    async def get():
        response = await AsyncClient().get(url.removeprefix("http://127.0.0.1:8000"))
        if not response.streaming:
            return response, b""
        return response, b"".join([piece async for piece in response.streaming_content])

    return async_to_sync(get)()


@pytest.fixture
def archive(as_aigerim, work, transactional_db):
    """Ask, let the worker work, download and unpack."""

    def get():
        as_aigerim.post(EXPORT)
        work()
        response, content = download(as_aigerim.get(EXPORT).json()["url"])
        assert response.status_code == 200
        zipped = ZipFile(BytesIO(content))
        return {name: zipped.read(name) for name in zipped.namelist()}

    return get


def test_it_is_made_by_the_worker_and_announced(as_aigerim, aigerim, work, published):
    response = as_aigerim.post(EXPORT)
    waiting = response.json()
    assert (response.status_code, waiting["status"], waiting["url"]) == (202, "queued", None)

    with published() as events:
        assert work() == 1

    ready = as_aigerim.get(EXPORT).json()
    assert (ready["id"], ready["status"]) == (waiting["id"], "ready")
    [(audience, kind, data)] = events
    assert (audience, kind) == (f"user:{aigerim.pk}", "export_ready")
    assert data == {"export_id": ready["id"], "status": "ready", "url": ready["url"]}


def test_it_holds_every_table_that_knows_the_person(busy, archive):
    with connection.cursor() as cursor:
        cursor.execute(OWNED)
        tables = {table for (table,) in cursor.fetchall()}

    names = archive().keys()

    missing = {table for table in tables if f"{table}.json" not in names}
    assert missing == {"django_admin_log"}  # the platform's own record


def test_it_holds_every_row_and_every_picture(busy, archive, aigerim):
    held = archive()
    rows = {
        name.removesuffix(".json"): json.loads(content)
        for name, content in held.items()
        if name.endswith(".json")
    }

    assert [row["email"] for row in rows["profile"]] == ["aigerim@example.kz"]
    counts = {name: len(found) for name, found in rows.items()}
    assert counts == {
        "account_emailaddress": 0,
        "auth_sessions": 1,
        "cart_items": 1,
        "carts": 1,
        "checkouts": 1,
        "consents": 1,
        "data_exports": 1,
        "delivery_addresses": 1,
        "events": Event.objects.filter(audience=f"user:{aigerim.pk}").count() - 1,  # export_ready
        "favorites": 1,
        "generations": 1,
        "mfa_authenticator": 0,
        "order_events": 6,
        "order_items": 1,
        "orders": 1,
        "outfit_items": 1,
        "outfits": 1,
        "payments": 1,
        "person_photos": 1,
        "product_alerts": 1,
        "product_reports": 1,
        "profile": 1,
        "request_keys": 0,
        "reviews": 1,
        "socialaccount_socialaccount": 0,
        "transactions": 4,
        "user_wardrobe_items": 1,
        "wardrobe_archives": 0,
        "wardrobe_collection_items": 1,
        "wardrobe_collections": 1,
        "wardrobe_wears": 1,
    }
    assert counts["events"] > 3
    assert rows["user_wardrobe_items"][0]["name"] == "Шляпа"
    pictures = {name: held[name] for name in held if name.endswith(".jpg")}
    own = {name for name in files() if name.endswith(".jpg") and not name.startswith("shops/")}
    assert own == pictures.keys()
    assert len(own) == 5
    assert all(storage.read(name) == content for name, content in pictures.items())


def test_it_holds_nothing_of_others_and_no_secrets(busy, archive, timur, as_timur, picture):
    keeping.keep(timur, "uploaded", name="Scarf of Timur", pictures=[picture])

    held = archive()

    everything = b"".join(held.values())
    assert b"Scarf of Timur" not in everything
    assert b"timur@example.kz" not in everything
    assert not [name for name in held if f"users/{timur.pk}/" in name]
    assert b'"password"' not in everything
    assert b'"lease_token"' not in everything


def test_it_is_there_once_a_day(as_aigerim, aigerim):
    as_aigerim.post(EXPORT)
    response = as_aigerim.post(EXPORT)

    assert (response.status_code, response.json()["code"]) == (429, "export_once_a_day")
    assert 86_390 <= int(response["Retry-After"]) <= 86_400
    assert OrmQ.objects.count() == aigerim.exports.count() == 1

    aigerim.exports.update(created_at=timezone.now() - timedelta(hours=24, minutes=1))
    assert as_aigerim.post(EXPORT).status_code == 202


def test_the_link_opens_for_a_week_and_for_this_file_alone(as_aigerim, as_timur, work, anyone):
    as_aigerim.post(EXPORT)
    work()
    url = as_aigerim.get(EXPORT).json()["url"]

    response, content = download(url)

    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == 'attachment; filename="leema.zip"'
    assert int(response["Content-Length"]) == len(content) > 500
    assert response["Cache-Control"] == "private, immutable"
    assert download(url.partition("?")[0])[0].status_code == 404
    assert download(url.replace("/exports/", "/exports/1"))[0].status_code == 404
    assert as_timur.get(EXPORT).status_code == 404
    expires = int(url.partition("expires=")[2].partition("&")[0])
    assert expires - time.time() == pytest.approx(7 * 86_400, abs=60)


def test_it_is_deleted_after_a_week(as_aigerim, work):
    as_aigerim.post(EXPORT)
    work()
    url = as_aigerim.get(EXPORT).json()["url"]
    tasks.clear_exports()
    [name] = files("exports/")
    storage.write(f"{name}.half", b"of a worker that was killed")

    age(*files("exports/"))
    tasks.clear_exports()

    assert files("exports/") == []
    assert as_aigerim.get(EXPORT).status_code == 404
    assert download(url)[0].status_code == 404


def age(*names):
    old = time.time() - 7 * 86_400 - 60
    for name in names:
        os.utime(storage._path(name), (old, old))
    DataExport.objects.update(created_at=timezone.now() - timedelta(days=7, minutes=1))


def test_a_task_that_runs_twice_makes_one(as_aigerim, aigerim, published):
    asked = as_aigerim.post(EXPORT).json()

    with published() as events:
        tasks.make_export(asked["id"])
        tasks.make_export(asked["id"])

    assert len(events) == len(files("exports/")) == 1


def test_a_person_erased_meanwhile_leaves_no_archive(as_timur, timur):
    asked = as_timur.post(EXPORT).json()
    as_timur.delete("/api/v1/users/me")

    tasks.make_export(asked["id"])

    assert files("exports/") == []


def test_a_failure_leaves_nothing_half_made_and_is_tried_again(as_aigerim, aigerim):
    asked = as_aigerim.post(EXPORT).json()
    folder = storage._path(storage.export_archive(aigerim.pk, asked["id"])).parent
    folder.parent.mkdir(parents=True)
    folder.write_bytes(b"")  # no folder can be made here

    with pytest.raises(OSError, match="directory"):
        tasks.make_export(asked["id"])

    folder.unlink()
    assert as_aigerim.get(EXPORT).json()["status"] == "queued"
    tasks.make_export(asked["id"])
    assert as_aigerim.get(EXPORT).json()["status"] == "ready"


def test_it_takes_little_memory_however_much_there_is(aigerim, tmp_path):
    """40 MB of pictures and 2000 rows; neither writing nor sending holds them all."""
    for number in range(40):
        storage.write(storage.wardrobe_picture(aigerim.pk, number, 0), os.urandom(10**6))
    Event.objects.bulk_create(
        Event(audience=f"user:{aigerim.pk}", type="test", data={"text": "x" * 2000})
        for _ in range(2000)
    )
    tracemalloc.start()

    with (tmp_path / "all.zip").open("wb") as file:
        export.write_archive(aigerim, file)

    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (tmp_path / "all.zip").stat().st_size > 40 * 10**6
    assert peak < 8 * 10**6
