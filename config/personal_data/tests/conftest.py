"""People with photos, and ways to look at what is left of them."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

TRY_ON = "/api/v1/generations/try-on"


@pytest.fixture
def ask(dress_on_sale, picture):
    """Ask for a try-on with a photo, as a client does."""

    def post(client, **fields):
        sent = {"product_id": dress_on_sale.pk, **fields}
        if "user_image_url" not in fields:
            sent["photo"] = SimpleUploadedFile("me.jpg", picture)
        return client.post(TRY_ON, sent, format="multipart")

    return post


@pytest.fixture
def upload(picture):
    """Upload a picture that no row holds; gives its address."""

    def post(client):
        sent = {"files": [SimpleUploadedFile("me.jpg", picture)]}
        answer = client.post("/api/v1/wardrobe/upload-images", sent, format="multipart")
        return answer.json()["urls"][0]

    return post


def files(under=""):
    """Every file of the uploads, by its name."""
    root = Path(settings.UPLOAD_DIR)
    found = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return sorted(name for name in found if name.startswith(under))
