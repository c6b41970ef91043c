"""Anybody may ask whether a picture was made here, and learns nothing else."""

import hashlib

import pytest

VERIFY = "/api/v1/generations/verify"


@pytest.fixture
def made(as_aigerim, anyone, work):
    """The picture that a client downloads."""
    address = "/api/v1/generations/generate"
    body = as_aigerim.post(address, {"prompt": "a red dress", "save_to_wardrobe": True}).json()
    work()
    link = as_aigerim.get(f"/api/v1/generations/{body['id']}").json()["image_url"]
    return anyone.get(link.removeprefix("http://127.0.0.1:8000")).content


def test_a_picture_of_ours_is_recognised(anyone, made):
    fingerprint = hashlib.sha256(made).hexdigest()

    response = anyone.get(VERIFY, {"sha256": fingerprint.upper()})

    assert response.json() == {"sha256": fingerprint, "made_here": True}


def test_the_copy_in_the_wardrobe_too(as_aigerim, anyone, made):
    link = as_aigerim.get("/api/v1/wardrobe/").json()["items"][0]["images"][0]
    copy = anyone.get(link.removeprefix("http://127.0.0.1:8000")).content

    assert anyone.get(VERIFY, {"sha256": hashlib.sha256(copy).hexdigest()}).json()["made_here"]


def test_any_other_is_not(anyone, made):
    changed = hashlib.sha256(made + b"\0").hexdigest()

    assert anyone.get(VERIFY, {"sha256": changed}).json()["made_here"] is False


@pytest.mark.parametrize("sha256", ["", "abc", "g" * 64, "a" * 65, "a" * 63 + "\n", "а" * 64])
def test_anything_else_is_no_fingerprint(anyone, db, sha256):
    assert anyone.get(VERIFY, {"sha256": sha256}).status_code == 422


def test_a_fingerprint_is_needed(anyone, db):
    assert anyone.get(VERIFY).status_code == 422
