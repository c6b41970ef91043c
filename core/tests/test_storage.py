"""The uploads tree: whole files, signed links that end, no way out of one's own folder."""

import os
import time
from urllib.parse import parse_qs, urlsplit

import pytest

from core import storage


def query_of(url):
    query = parse_qs(urlsplit(url).query)
    return {name: query[name][0] for name in ("expires", "signature")}


def test_a_link_opens_its_file_and_no_other():
    query = query_of(storage.signed_url("users/1/avatar.jpg"))

    assert storage.link_is_valid("users/1/avatar.jpg", **query)
    assert not storage.link_is_valid("users/2/avatar.jpg", **query)


def test_a_link_ends():
    past = str(int(time.time()) - 1)

    assert not storage.link_is_valid("a.jpg", past, storage._signature("a.jpg", past))


@pytest.mark.parametrize("expires", ["", "soon", "-1", "９９９９９９９９９９９"])
def test_a_link_with_a_senseless_end_is_closed(expires):
    assert not storage.link_is_valid("a.jpg", expires, "x")


def test_the_same_file_keeps_its_link_for_a_while():
    assert storage.signed_url("a.jpg") == storage.signed_url("a.jpg")


def test_only_existing_files_under_the_prefix_are_named():
    storage.write("temp/user-1/a.jpg", b"x")
    storage.write("temp/user-10/a.jpg", b"x")

    own = storage.named_by("http://anywhere/uploads/temp/user-1/a.jpg?x=1", "temp/user-1/")

    assert own == "temp/user-1/a.jpg"
    for foreign in (
        "/uploads/temp/user-10/a.jpg",
        "/uploads/temp/user-1/../user-10/a.jpg",
        "/uploads/temp/user-1/%2e%2e/user-10/a.jpg",
        "/uploads/temp/user-1/b.jpg",
        "/uploads/temp/user-1/a.jpg\0",
        "http://[",
        "/uploads/temp/user-1/" + "a" * 400,
        "",
    ):
        with pytest.raises(storage.UnknownUpload):
            storage.named_by(foreign, "temp/user-1/")


def test_a_replaced_picture_has_another_address():
    storage.write("users/1/avatar.jpg", b"old")
    old = storage.signed_url("users/1/avatar.jpg"), storage.public_url("users/1/avatar.jpg")
    time.sleep(0.01)

    storage.write("users/1/avatar.jpg", b"new")

    new = storage.signed_url("users/1/avatar.jpg"), storage.public_url("users/1/avatar.jpg")
    assert (old[0] != new[0], old[1] != new[1]) == (True, True)


@pytest.fixture
def shared():
    storage.write("shops/1/a.jpg", b"dress")
    return storage.share("users/1/a.jpg", "shops/1/a.jpg")


def files_of(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_shared_file_is_on_the_disk_once(settings, shared):
    one, other = (settings.UPLOAD_DIR / name for name in (shared, "shops/1/a.jpg"))

    assert storage.read(shared) == b"dress"
    assert one.stat().st_ino == other.stat().st_ino


def test_sharing_again_leaves_nothing_beside_it(settings, shared):
    storage.share(shared, "shops/1/a.jpg")

    assert files_of(settings.UPLOAD_DIR / "users") == ["a.jpg"]


@pytest.mark.parametrize("changed", ["shops/1/a.jpg", "users/1/a.jpg"])
@pytest.mark.parametrize("change", [storage.delete, lambda name: storage.write(name, b"new")])
def test_the_other_name_keeps_what_was_shared(shared, changed, change):
    change(changed)

    [other] = {"shops/1/a.jpg", "users/1/a.jpg"} - {changed}
    assert storage.read(other) == b"dress"


def test_a_disk_without_links_gets_a_copy(settings, monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    storage.write("shops/1/a.jpg", b"dress")

    storage.share("users/1/a.jpg", "shops/1/a.jpg")

    assert storage.read("users/1/a.jpg") == b"dress"
    assert files_of(settings.UPLOAD_DIR / "users") == ["a.jpg"]


def test_what_is_gone_cannot_be_shared(settings):
    with pytest.raises(FileNotFoundError):
        storage.share("users/1/a.jpg", "shops/1/a.jpg")

    assert files_of(settings.UPLOAD_DIR) == []


def test_a_full_disk_leaves_no_partial_file(settings, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(storage.StorageFull):
        storage.write("temp/user-1/a.jpg", b"x")

    assert [path for path in settings.UPLOAD_DIR.rglob("*") if path.is_file()] == []


def test_uploads_that_nobody_took_are_swept_after_a_day(settings):
    storage.write("temp/user-1/old.jpg", b"x")
    storage.write("temp/user-1/new.jpg", b"x")
    yesterday = time.time() - 25 * 3600
    os.utime(settings.UPLOAD_DIR / "temp/user-1/old.jpg", (yesterday, yesterday))

    assert storage.clear_temp() == 1
    assert storage.read("temp/user-1/new.jpg") == b"x"
