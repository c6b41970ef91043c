"""Photos that people keep of themselves: private, reusable, and gone with the consent."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import consents
from config.personal_data import erasure, withdrawal
from core import storage
from generations import kept_photos, pipeline
from generations.models import Generation, PersonPhoto
from generations.tests.engines.fakes import jpeg

PHOTOS = "/api/v1/users/me/photos"


@pytest.fixture
def keep():
    def post(client):
        body = {"photo": SimpleUploadedFile("me.jpg", jpeg())}
        return client.post(PHOTOS, body, format="multipart")

    return post


def test_a_photo_is_kept_and_listed(as_aigerim, keep):
    response = keep(as_aigerim)

    assert response.status_code == 201
    [row] = as_aigerim.get(PHOTOS).json()
    assert row == response.json()
    assert "signature=" in row["url"]


def test_it_is_tried_on_by_its_address_again_and_again(as_aigerim, keep, dress_on_sale):
    url = keep(as_aigerim).json()["url"]

    for seed in (1, 2):
        body = {"product_id": dress_on_sale.pk, "user_image_url": url, "seed": seed}
        assert as_aigerim.post("/api/v1/generations/try-on", body).status_code == 202

    photo = storage.read(PersonPhoto.objects.get().image)
    assert [storage.read(row.original) for row in Generation.objects.all()] == [photo] * 2


def test_nobody_elses_address_serves(as_timur, as_aigerim, timur, keep, dress_on_sale):
    url = keep(as_aigerim).json()["url"]
    body = {"product_id": dress_on_sale.pk, "user_image_url": url}

    response = as_timur.post("/api/v1/generations/try-on", body)

    assert (response.status_code, response.json()["code"]) == (422, "unknown_upload")


def test_it_does_not_get_into_the_wardrobe(as_aigerim, keep):
    url = keep(as_aigerim).json()["url"]

    response = as_aigerim.post("/api/v1/wardrobe", {"name": "Me", "image_urls": [url]})

    assert (response.status_code, response.json()["code"]) == (422, "unknown_upload")


def test_without_consent_none_is_kept(as_dana, dana, keep):
    response = keep(as_dana)

    assert (response.status_code, response.json()["code"]) == (428, "consent_required")
    with pytest.raises(consents.ConsentRequired):
        kept_photos.add(dana, jpeg())


def test_there_are_ten_at_most(as_aigerim, aigerim, keep):
    for _ in range(kept_photos.MAX_PHOTOS):
        kept_photos.add(aigerim, jpeg(size=(64, 64)))

    response = keep(as_aigerim)

    assert (response.status_code, response.json()["code"]) == (409, "too_many_photos")
    assert PersonPhoto.objects.count() == kept_photos.MAX_PHOTOS


def test_a_deleted_one_leaves_no_file(as_aigerim, aigerim, django_capture_on_commit_callbacks):
    photo = kept_photos.add(aigerim, jpeg())

    with django_capture_on_commit_callbacks(execute=True):
        assert as_aigerim.delete(f"{PHOTOS}/{photo.pk}").status_code == 200

    assert not PersonPhoto.objects.exists()
    assert not (storage._path(photo.image)).exists()


def test_all_go_with_the_consent(aigerim, django_capture_on_commit_callbacks):
    photo = kept_photos.add(aigerim, jpeg())

    with django_capture_on_commit_callbacks(execute=True):
        withdrawal.withdraw(aigerim, consents.PHOTOS)

    assert not PersonPhoto.objects.exists()
    assert not (storage._path(photo.image)).exists()


def test_all_go_with_the_account(timur, django_capture_on_commit_callbacks):
    photo = kept_photos.add(timur, jpeg())

    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(timur)

    assert not PersonPhoto.objects.exists()
    assert not (storage._path(photo.image)).exists()


def test_a_try_on_in_the_making_has_its_own_copy(as_aigerim, aigerim, keep, dress_on_sale):
    url = keep(as_aigerim).json()["url"]
    body = {"product_id": dress_on_sale.pk, "user_image_url": url}
    number = as_aigerim.post("/api/v1/generations/try-on", body).json()["id"]

    kept_photos.remove(PersonPhoto.objects.get())

    generation = pipeline._claimed(number)
    assert storage.read(generation.original)
