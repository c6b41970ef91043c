"""A wardrobe is written into ZIP files, and read back from them; strangers' files do no harm."""

import json
import struct
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from billing.tests.test_ledger import at_once
from catalog.models import Category
from core import images, storage
from wardrobe import keeping
from wardrobe.archives import exporting, importing, reading, requesting
from wardrobe.models import WardrobeArchive

pytestmark = pytest.mark.usefixtures("categories")
EXPORT, IMPORT = "/api/v1/wardrobe/export", "/api/v1/wardrobe/import"
SAID = {
    "name": "Пальто «Дала»",
    "description": "Тёплое\nи длинное",
    "characteristics": {"size": "M"},
    "price": Decimal("89000.50"),
    "shop_name": "Atelier",
    "season": "winter",
    "colour": "beige",
    "is_favorite": True,
    "folder": "Зима",
}


def photo(shade=0, side=90):
    output = BytesIO()
    Image.new("RGB", (side, 80), (shade, 90, 160)).save(output, "PNG")
    return output.getvalue()


def zipped(items, files=None, *, how=ZIP_DEFLATED, **more):
    manifest = {"format": "leema-wardrobe", "version": 1, "items": items, **more}
    output = BytesIO()
    with ZipFile(output, "w", how) as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        for name, content in (files or {}).items():
            archive.writestr(name, content)
    return output.getvalue()


@pytest.fixture
def full(aigerim):
    """Aigerim's coat with two pictures, and her hat in the archive without any."""
    pictures = [images.clean(photo(1)), images.clean(photo(2, side=120))]
    category = Category.objects.get(slug="outerwear")
    keeping.keep(aigerim, "purchased", pictures=pictures, category=category, **SAID)
    keeping.keep(aigerim, "uploaded", name="Hat", archived_at=timezone.now())


@pytest.fixture
def exported(as_aigerim, work):
    """Ask for an export and answer the contents of its files."""

    def ask():
        assert as_aigerim.post(EXPORT).status_code == 202
        work()
        told = as_aigerim.get(EXPORT).json()
        assert told["status"] == "ready"
        names = [url.partition("/uploads/")[2].partition("?")[0] for url in told["urls"]]
        return [storage.read(name) for name in names]

    return ask


@pytest.fixture
def read_back(as_timur, work):
    """Let Timur send a file and answer what was told of it in the end."""

    def send(content):
        body = {"file": SimpleUploadedFile("a.zip", content)}
        response = as_timur.post(IMPORT, body, format="multipart")
        assert response.status_code == 202, response.content
        work()
        return as_timur.get(IMPORT).json()

    return send


def test_what_is_exported_comes_back_the_same(full, exported, read_back, timur, aigerim, work):
    [content] = exported()
    told = read_back(content)
    work()

    assert told["status"] == "ready"
    assert {name: told["report"][name] for name in ("created", "refused")} == {
        "created": 2,
        "refused": 0,
    }
    coat, hat = timur.wardrobe.order_by("pk")
    assert {name: getattr(coat, name) for name in SAID} == SAID
    assert (coat.source, coat.category.slug) == ("uploaded", "outerwear")
    assert [Image.open(BytesIO(storage.read(name))).size for name in coat.images] == [
        (90, 80),
        (120, 80),
    ]
    assert (hat.name, hat.archived_at is not None, hat.images) == ("Hat", True, [])
    assert aigerim.wardrobe.count() == 2


def test_reading_back_twice_adds_nothing(full, exported, read_back, timur, as_aigerim, work):
    [content] = exported()
    read_back(content)
    again = read_back(content)
    as_aigerim.post(IMPORT, {"file": SimpleUploadedFile("a", content)}, format="multipart")
    work()

    own = as_aigerim.get(IMPORT).json()["report"]
    assert (again["report"]["already_there"], timur.wardrobe.count()) == (2, 2)
    assert (own["already_there"], own["created"]) == (2, 0)


def test_the_owner_hears_when_it_is_ready_and_nobody_else(
    full, as_aigerim, aigerim, work, published, as_timur
):
    as_aigerim.post(EXPORT)
    with published() as events:
        work()

    told = [event for event in events if event[1] == "wardrobe_archive_updated"]
    [(audience, _, data)] = told
    assert audience == f"user:{aigerim.pk}"
    assert (data["kind"], data["status"]) == ("export", "ready")
    assert as_timur.get(EXPORT).status_code == 404


def test_the_link_opens_the_file_and_a_forged_one_does_not(full, as_aigerim, anyone, work):
    as_aigerim.post(EXPORT)
    work()
    [url] = as_aigerim.get(EXPORT).json()["urls"]
    address = url.partition("/uploads/")[2]

    assert anyone.get(f"/uploads/{address}").status_code == 200
    assert anyone.get(f"/uploads/{address.replace('signature=', 'signature=x')}").status_code == 404
    assert anyone.get(f"/uploads/{address.partition('?')[0]}").status_code == 404


def test_parts_are_small_and_whole(full, exported, read_back, timur, monkeypatch):
    monkeypatch.setattr(exporting, "PART_ITEMS", 1)

    first, second = exported()

    assert read_back(second)["report"]["created"] == 1
    assert [item.name for item in timur.wardrobe.all()] == ["Hat"]
    assert read_back(first)["report"]["created"] == 1


def test_an_empty_wardrobe_is_one_empty_file(exported, read_back):
    [content] = exported()

    assert read_back(content)["report"] == {
        "created": 0,
        "already_there": 0,
        "refused": 0,
        "items": [],
    }


def test_it_is_exported_once_an_hour_and_one_at_a_time(as_aigerim, aigerim, work):
    as_aigerim.post(EXPORT)
    meanwhile = as_aigerim.post(EXPORT)
    work()
    later = as_aigerim.post(EXPORT)

    assert (meanwhile.status_code, meanwhile.json()["code"]) == (409, "still_at_it")
    assert (later.status_code, later.json()["code"]) == (429, "exported_lately")
    assert 3590 <= int(later["Retry-After"]) <= 3600
    aigerim.wardrobe_archives.update(created_at=timezone.now() - timedelta(hours=1, minutes=1))
    assert as_aigerim.post(EXPORT).status_code == 202


def test_what_no_worker_finishes_stands_in_nobodys_way(as_aigerim, aigerim):
    as_aigerim.post(EXPORT)
    aigerim.wardrobe_archives.update(created_at=timezone.now() - timedelta(hours=2))

    assert as_aigerim.post(EXPORT).status_code == 202
    assert [each.status for each in aigerim.wardrobe_archives.order_by("pk")] == [
        "failed",
        "queued",
    ]


def test_each_item_is_whole_or_refused(read_back, timur):
    items = [
        {"key": "fine", "name": "Fine", "pictures": ["a.png"]},
        {"key": "svg", "name": "x", "pictures": ["a.png", "b.svg"]},
        {"key": "gone", "name": "x", "pictures": ["nowhere.jpg"]},
        {"key": "climbs", "name": "x", "pictures": ["../../etc/passwd"]},
        {"key": "many", "name": "x", "pictures": ["a.png"] * 6},
        {"key": "nameless"},
        {"key": "mud", "name": "x", "season": "mud"},
        {"key": "long", "name": "x" * 256},
        {"key": "dear", "name": "x", "price": -5},
        {"key": "odd", "name": "x", "characteristics": ["a"]},
        {"key": "odd", "name": "x", "pictures": [{"a": 1}]},
        {"key": "with space", "name": "x"},
        {"name": "keyless"},
        "nonsense",
        {"key": "fine", "name": "Again"},
    ]
    told = read_back(zipped(items, {"a.png": photo(), "b.svg": "<svg/>"}))

    outcomes = [each.get("code", each["status"]) for each in told["report"]["items"]]
    assert outcomes == [
        *("created", "unsupported_format", "file_missing", "file_missing", "invalid", "invalid"),
        *("invalid", "invalid", "invalid", "invalid", "file_missing", "invalid", "invalid"),
        *("invalid", "already_there"),
    ]
    [item] = timur.wardrobe.all()
    assert (item.name, len(item.images)) == ("Fine", 1)


def test_the_limit_of_a_wardrobe_holds(read_back, timur, settings):
    settings.MAX_WARDROBE_ITEMS_PER_USER = 1

    told = read_back(zipped([{"key": "a", "name": "A"}, {"key": "b", "name": "B"}]))

    assert told["report"]["items"][1]["code"] == "wardrobe_full"
    assert timur.wardrobe.count() == 1


def test_an_admin_field_is_not_taken_from_a_file(read_back, timur, aigerim):
    read_back(zipped([{"key": "a", "name": "A", "user_id": aigerim.pk, "images": ["x"], "id": 1}]))

    item = timur.wardrobe.get()
    assert (item.user, item.images, aigerim.wardrobe.count()) == (timur, [], 0)


def test_bombs_are_not_unpacked(read_back, timur, monkeypatch):
    """100 MB of zeros in 100 KB: no more of it is read than a picture may have."""
    bomb = zipped([{"key": "a", "name": "A", "pictures": ["a"]}], {"a": bytes(100 * 2**20)})
    assert len(bomb) < 200_000

    assert read_back(bomb)["report"]["items"][0]["code"] == "file_too_large"

    monkeypatch.setattr(reading, "TOTAL_BYTES", 3000)
    items = [{"key": f"{number}", "name": "A", "pictures": ["a"]} for number in range(3)]
    told = read_back(zipped(items, {"a": bytes(1500)}))
    codes = [each["code"] for each in told["report"]["items"]]
    assert codes == ["unsupported_format", "file_too_large", "file_too_large"]
    assert not timur.wardrobe.exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (zipped([], version=2), "bad_manifest"),
        (zipped([], format="other"), "bad_manifest"),
        (zipped({"a": 1}), "bad_manifest"),
        (zipped([0] * 501), "bad_manifest"),
        (zipped([], a="x" * 2**20), "file_too_large"),
        (zipped([], how=ZIP_LZMA), "archive_unreadable"),
        (zipped([], {f"{number:050}": "" for number in range(3000)}), "archive_too_large"),
        (zipped([]).replace(b"manifest.json", b"manifest.jsan"), "file_missing"),
        (b"PK\x05\x06" + bytes(18), "file_missing"),
        (zipped([])[:-22] + b"PK\x06\x07" + bytes(16) + zipped([])[-22:], "archive_too_large"),
    ],
)
def test_what_is_no_archive_of_ours_says_so(read_back, timur, content, code):
    told = read_back(content)

    assert (told["status"], told["report"]) == ("failed", {"code": code})
    assert not timur.wardrobe.exists()


def test_encrypted_and_damaged_files_are_refused(read_back):
    locked = bytearray(zipped([]))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", locked, locked.index(signature) + offset, 1)
    damaged = bytearray(zipped([{"key": "a", "name": "A"}]))
    damaged[45:60] = bytes(15)

    assert read_back(bytes(locked))["report"] == {"code": "archive_unreadable"}
    assert read_back(bytes(damaged))["report"] == {"code": "archive_unreadable"}


def test_what_is_not_a_zip_is_refused_at_the_door(as_timur, timur, picture):
    for content in (picture, b"", b"PK\x03\x04"):
        body = {"file": SimpleUploadedFile("a.zip", content)}
        assert as_timur.post(IMPORT, body, format="multipart").status_code in {415, 422}
    assert not timur.wardrobe_archives.exists()


def test_what_time_does_not_allow_is_sent_again(read_back, timur, monkeypatch):
    content = zipped([{"key": "a", "name": "A"}])
    with monkeypatch.context() as slow:
        slow.setattr(importing, "WORK_SECONDS", -1)
        assert read_back(content)["report"]["items"][0]["code"] == "not_reached"

    assert read_back(content)["report"]["created"] == 1


def test_a_second_worker_changes_nothing(full, as_aigerim, aigerim, work, timur):
    as_aigerim.post(EXPORT)
    work()
    archive = aigerim.wardrobe_archives.get()
    exporting.make(archive.pk)
    importing.run(archive.pk)

    assert aigerim.wardrobe_archives.get().finished_at == archive.finished_at
    received = requesting.read_back(timur, zipped([{"key": "a", "name": "A"}]))
    importing.run(received.pk)
    importing.run(received.pk)
    assert timur.wardrobe.count() == 1
    with pytest.raises(FileNotFoundError):
        storage.read(storage.wardrobe_import(timur.pk, received.pk))


def test_old_archives_are_forgotten(full, exported, aigerim):
    exported()
    assert requesting.clear_old() == 0
    aigerim.wardrobe_archives.update(created_at=timezone.now() - timedelta(days=8))

    assert requesting.clear_old() == 1


def test_the_database_allows_one_at_a_time(aigerim):
    WardrobeArchive.objects.create(user=aigerim, kind="export")
    WardrobeArchive.objects.create(user=aigerim, kind="import")

    with pytest.raises(IntegrityError, match="one_at_a_time"), transaction.atomic():
        WardrobeArchive.objects.create(user=aigerim, kind="export")
    with pytest.raises(IntegrityError, match="done_is_finished"), transaction.atomic():
        aigerim.wardrobe_archives.update(status="ready")


@pytest.mark.django_db(transaction=True)
def test_two_devices_ask_for_one_export(aigerim):
    assert sorted(at_once(5, lambda _: requesting.export(aigerim))) == [
        *["StillAtIt"] * 4,
        "WardrobeArchive",
    ]
