"""What only a whole upload shows: names of files, files that are too large, a disk that is full."""

import errno
import os
import re
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import Product
from core.tests.odd_pictures import FILE_NAMES, REFUSED

UPLOAD = "/api/v1/products/upload-images"
PRODUCTS = "/api/v1/products"
KIND = "multipart/form-data"


def as_sent(name, content):
    """The form as a client may write it, without what a library would make of the name."""
    quoted = name.replace('"', "%22")
    head = f'----x\r\nContent-Disposition: form-data; name="files"; filename="{quoted}"\r\n'
    return f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + content + b"\r\n----x--\r\n"


def files_in(folder):
    found = folder.rglob("*")
    return sorted(path.relative_to(folder).as_posix() for path in found if path.is_file())


@pytest.mark.parametrize("name", FILE_NAMES, ids=ascii)
def test_a_picture_may_be_called_anything_and_the_name_is_not_used(
    as_atelier, atelier, settings, picture, name
):
    response = as_atelier.generic("POST", UPLOAD, as_sent(name, picture), f"{KIND}; boundary=--x")

    assert response.status_code == 200, response.content
    [url] = response.json()["urls"]
    stored = urlsplit(url).path.removeprefix("/uploads/")
    assert re.fullmatch(rf"temp/shop-{atelier.pk}/[0-9a-f]{{32}}\.jpg", stored)
    assert files_in(settings.UPLOAD_DIR) == [stored]


@pytest.mark.parametrize("what", ["11 MiB", "html", "one pixel"])
def test_a_refused_picture_refuses_the_whole_product(as_atelier, settings, picture, what):
    make, status, code = REFUSED[what]
    files = [SimpleUploadedFile("a.jpg", picture), SimpleUploadedFile("b.jpg", make())]
    sent = {"name": "Coat", "price": "1", "images": files}

    response = as_atelier.post(PRODUCTS, sent, format="multipart")

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"
    assert not Product.objects.exists()
    assert files_in(settings.UPLOAD_DIR) == []


def test_a_full_disk_makes_no_product_and_leaves_no_partial_file(
    as_atelier, settings, picture, monkeypatch
):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    sent = {"name": "Coat", "price": "1", "images": [SimpleUploadedFile("a.jpg", picture)]}

    response = as_atelier.post(PRODUCTS, sent, format="multipart")

    assert (response.status_code, response.json()["code"]) == (507, "storage_full")
    assert not Product.objects.exists()
    assert files_in(settings.UPLOAD_DIR) == []
