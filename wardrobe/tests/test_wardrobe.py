"""A person's own wardrobe: private, theirs to edit, at most so many items."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from catalog import moderation, revisions
from catalog.models import ModerationDecision, ProductRevision
from core import images, storage
from wardrobe.models import UserWardrobeItem

WARDROBE = "/api/v1/wardrobe"


def red_picture():
    output = BytesIO()
    Image.new("RGB", (80, 80), (200, 30, 30)).save(output, "PNG")
    return output.getvalue()


@pytest.fixture
def coat(as_aigerim, picture):
    upload = SimpleUploadedFile("coat.jpg", picture)
    fields = {"name": "Old coat", "folder": "Winter", "files": [upload]}
    return as_aigerim.post(WARDROBE, fields, format="multipart").json()


def test_an_item_is_added_with_its_picture(as_aigerim, aigerim, picture, published):
    upload = SimpleUploadedFile("../../x.jpg", picture)
    known = json.dumps({"colour": "blue"})

    with published() as events:
        response = as_aigerim.post(
            f"{WARDROBE}/",
            {"name": "Old coat", "characteristics": known, "files": [upload]},
            format="multipart",
        )

    assert response.status_code == 201
    body = response.json()
    assert (body["source"], body["characteristics"]) == ("uploaded", {"colour": "blue"})
    name = f"users/{aigerim.pk}/wardrobe/{body['id']}/image_0.jpg"
    assert storage.read(name).startswith(b"\xff\xd8")
    assert events == [
        (
            f"user:{aigerim.pk}",
            "wardrobe_updated",
            {"action": "created", "wardrobe_item_id": body["id"], "user_id": aigerim.pk},
        )
    ]


def test_json_is_as_good_as_a_form(as_aigerim):
    response = as_aigerim.post(WARDROBE, {"name": "Hat", "characteristics": {"size": "M"}})

    assert response.status_code == 201
    assert response.json()["images"] == []


def test_pictures_are_private(as_aigerim, anyone, coat):
    [link] = coat["images"]
    path = link.removeprefix("http://127.0.0.1:8000")
    bare, _, query = path.partition("?")

    assert anyone.get(path)["Content-Type"] == "image/jpeg"
    assert anyone.get(bare).status_code == 404
    assert anyone.get(f"{bare}?{query.replace('expires=1', 'expires=2')}").status_code == 404
    assert as_aigerim.get(bare).status_code == 404


def test_an_item_is_changed(as_aigerim, coat, published):
    with published() as events:
        response = as_aigerim.put(
            f"{WARDROBE}/{coat['id']}", {"is_favorite": True, "folder": "Loved", "price": 1200}
        )

    body = response.json()
    assert (body["name"], body["folder"], body["is_favorite"]) == ("Old coat", "Loved", True)
    assert body["images"] == coat["images"]
    assert [data["action"] for _, _, data in events] == ["updated"]


@pytest.mark.django_db(transaction=True)
def test_a_removed_item_takes_its_pictures_along(as_aigerim, aigerim, coat):
    response = as_aigerim.delete(f"{WARDROBE}/{coat['id']}")

    assert response.json()["id"] == coat["id"]
    assert as_aigerim.get(f"{WARDROBE}/{coat['id']}").status_code == 404
    with pytest.raises(FileNotFoundError):
        storage.read(f"users/{aigerim.pk}/wardrobe/{coat['id']}/image_0.jpg")


def test_a_product_is_copied_with_its_pictures(as_aigerim, dress_on_sale, anyone):
    response = as_aigerim.post(
        f"{WARDROBE}/from-shop/{dress_on_sale.pk}", {"folder": "Wishes", "is_favorite": True}
    )

    body = response.json()
    assert response.status_code == 201
    assert (body["source"], body["name"], body["price"]) == ("shop_product", "Silk dress", 400)
    assert (body["shop_name"], body["folder"]) == ("Atelier", "Wishes")
    assert body["original_product_id"] == dress_on_sale.pk
    assert len(body["images"]) == 1


def test_a_deleted_product_leaves_the_copy_whole(as_aigerim, as_atelier, anyone, dress_on_sale):
    item = as_aigerim.post(f"{WARDROBE}/from-shop/{dress_on_sale.pk}", {}).json()

    as_atelier.delete(f"/api/v1/products/{dress_on_sale.pk}")

    kept = as_aigerim.get(f"{WARDROBE}/{item['id']}").json()
    assert kept["original_product_id"] is None
    [link] = kept["images"]
    assert anyone.get(link.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_a_shop_that_replaces_its_pictures_changes_no_wardrobe(
    as_aigerim,
    as_atelier,
    aigerim,
    admin,
    dress_on_sale,
    settings,
    django_capture_on_commit_callbacks,
):
    as_aigerim.post(f"{WARDROBE}/from-shop/{dress_on_sale.pk}", {})
    [own] = aigerim.wardrobe.get().images
    before, [shops] = storage.read(own), dress_on_sale.images
    assert (settings.UPLOAD_DIR / own).samefile(settings.UPLOAD_DIR / shops)

    other = SimpleUploadedFile("red.png", red_picture())
    as_atelier.put(f"/api/v1/products/{dress_on_sale.pk}", {"images": [other]}, format="multipart")
    moderation.approve(dress_on_sale, by=admin)
    long_ago = timezone.now() - timedelta(days=1)  # beyond undoing
    ProductRevision.objects.update(ended_at=long_ago)
    ModerationDecision.objects.update(decided_at=long_ago)
    with django_capture_on_commit_callbacks(execute=True):
        revisions.clear()

    assert not (settings.UPLOAD_DIR / shops).exists()
    assert storage.read(own) == before


def test_an_own_change_of_a_shared_picture_stays_at_home(as_aigerim, aigerim, dress_on_sale):
    item = as_aigerim.post(f"{WARDROBE}/from-shop/{dress_on_sale.pk}", {}).json()
    [own], [shops] = aigerim.wardrobe.get().images, dress_on_sale.images
    before = storage.read(shops)

    other = SimpleUploadedFile("red.png", red_picture())
    as_aigerim.put(f"{WARDROBE}/{item['id']}", {"files": [other]}, format="multipart")

    assert storage.read(own) != before
    assert storage.read(shops) == before


def test_a_product_whose_pictures_are_gone_cannot_be_kept(as_aigerim, aigerim, dress_on_sale):
    storage.delete(dress_on_sale.images[0])

    response = as_aigerim.post(f"{WARDROBE}/from-shop/{dress_on_sale.pk}", {})

    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert not aigerim.wardrobe.exists()


def test_an_unapproved_product_cannot_be_copied(as_aigerim, dress):
    assert as_aigerim.post(f"{WARDROBE}/from-shop/{dress.pk}", {}).status_code == 404


def test_the_limit_holds(as_aigerim, coat, settings):
    settings.MAX_WARDROBE_ITEMS_PER_USER = 2
    as_aigerim.post(WARDROBE, {"name": "Second"})

    response = as_aigerim.post(WARDROBE, {"name": "Third"})

    assert (response.status_code, response.json()["code"]) == (403, "wardrobe_full")
    assert as_aigerim.get(f"{WARDROBE}/stats").json()["remaining"] == 0


def test_lists_are_narrowed(as_aigerim, coat):
    as_aigerim.post(WARDROBE, {"name": "Hat", "is_favorite": True})

    def names(**query):
        return [item["name"] for item in as_aigerim.get(WARDROBE, query).json()["items"]]

    assert names() == ["Hat", "Old coat"]
    assert names(folder="Winter") == ["Old coat"]
    assert names(is_favorite="true") == ["Hat"]
    assert names(search="COAT") == ["Old coat"]
    assert names(source="purchased") == []
    assert as_aigerim.get(WARDROBE, {"source": "stolen"}).status_code == 422
    assert as_aigerim.get(f"{WARDROBE}/folders").json() == {"folders": ["Winter"]}


def test_older_clients_page_with_skip_and_hear_the_total(as_aigerim, coat):
    as_aigerim.post(WARDROBE, {"name": "Hat"})

    page = as_aigerim.get(WARDROBE, {"skip": 0, "limit": 1}).json()
    following = as_aigerim.get(WARDROBE, {"cursor": page["next_cursor"], "limit": 1}).json()

    assert (page["total"], page["page"], page["page_size"], page["has_more"]) == (2, 1, 1, True)
    assert [item["name"] for item in following["items"]] == ["Old coat"]
    assert following["next_cursor"] is None


def test_strangers_find_nothing(as_timur, coat):
    address = f"{WARDROBE}/{coat['id']}"

    answers = [
        as_timur.get(address),
        as_timur.put(address, {"name": "x"}),
        as_timur.delete(address),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert as_timur.get(WARDROBE).json()["items"] == []


def test_another_persons_upload_cannot_be_taken(as_aigerim, as_timur, picture):
    upload = SimpleUploadedFile("a.jpg", picture)
    [url] = as_aigerim.post(
        f"{WARDROBE}/upload-images", {"files": [upload]}, format="multipart"
    ).json()["urls"]

    own = as_aigerim.post(WARDROBE, {"name": "Mine", "image_urls": [url]})
    stolen = as_timur.post(WARDROBE, {"name": "Mine", "image_urls": [url]})
    climbing = as_timur.post(
        WARDROBE, {"name": "Mine", "image_urls": ["/uploads/temp/user-1/../../users/x.jpg"]}
    )

    assert len(own.json()["images"]) == 1
    assert (stolen.status_code, stolen.json()["code"]) == (422, "unknown_upload")
    assert climbing.json()["code"] == "unknown_upload"


def test_a_file_that_is_no_picture_is_refused_and_nothing_is_kept(as_aigerim, aigerim):
    upload = SimpleUploadedFile("a.jpg", b"<svg/>")

    response = as_aigerim.post(WARDROBE, {"name": "x", "files": [upload]}, format="multipart")

    assert (response.status_code, response.json()["code"]) == (415, "unsupported_format")
    assert not aigerim.wardrobe.exists()


def test_the_list_takes_the_same_queries_for_one_row_and_for_three(as_aigerim, coat):
    with CaptureQueriesContext(connection) as one:
        as_aigerim.get(WARDROBE)
    for name in ("Hat", "Scarf"):
        as_aigerim.post(WARDROBE, {"name": name})
    with CaptureQueriesContext(connection) as three:
        as_aigerim.get(WARDROBE)

    assert (len(one), len(three)) == (2, 2)


def test_an_own_photo_is_not_kept(as_aigerim, aigerim, picture):
    """Taking the consent back deletes photos, and would not find it there."""
    name = storage.write(storage.generation_original(aigerim.pk, 1), images.clean(picture))

    body = {"name": "Me", "image_urls": [storage.signed_url(name)]}
    response = as_aigerim.post("/api/v1/wardrobe", body)

    assert (response.status_code, response.json()["code"]) == (422, "unknown_upload")
    assert not UserWardrobeItem.objects.exists()
