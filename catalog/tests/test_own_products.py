"""What a shop may send about its products, and what is refused."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import Product
from core import storage

PRODUCTS = "/api/v1/products"


@pytest.fixture
def uploaded(as_atelier, picture):
    def upload(count=1):
        files = [SimpleUploadedFile(f"{number}.jpg", picture) for number in range(count)]
        answer = as_atelier.post(f"{PRODUCTS}/upload-images", {"files": files}, format="multipart")
        return answer.json()["urls"]

    return upload


@pytest.mark.parametrize("spelling", ["array", "text", "commas"])
def test_own_uploads_are_named_in_three_ways(as_atelier, uploaded, spelling):
    urls = uploaded(2)
    value = {"array": urls, "text": json.dumps(urls), "commas": ",".join(urls)}[spelling]
    kind = "json" if spelling == "array" else "multipart"

    response = as_atelier.post(
        PRODUCTS, {"name": "Coat", "price": "1", "image_urls": value}, format=kind
    )

    assert len(response.json()["images"]) == 2


def test_pictures_lie_in_the_shops_tree_in_their_order(as_atelier, atelier, uploaded):
    body = as_atelier.post(PRODUCTS, {"name": "Coat", "price": 1, "images": uploaded(3)}).json()

    product = Product.objects.get(pk=body["id"])
    folder = f"shops/{atelier.pk}/products/{product.pk}"
    assert product.images == [f"{folder}/image_{position}.jpg" for position in range(3)]
    assert all(storage.read(name).startswith(b"\xff\xd8") for name in product.images)


def test_a_new_price_counts_at_once(as_atelier, dress_on_sale, published, anyone):
    with published() as events:
        as_atelier.put(f"{PRODUCTS}/{dress_on_sale.pk}", {"price": "350.50"})

    assert events == []
    assert anyone.get(PRODUCTS).json()["products"][0]["price"] == 350.5


def test_new_pictures_replace_the_old_ones(as_atelier, dress, uploaded):
    as_atelier.put(f"{PRODUCTS}/{dress.pk}", {"images": uploaded(2)})
    dress.refresh_from_db()
    assert len(dress.images) == 2

    kept = as_atelier.get(f"{PRODUCTS}/{dress.pk}").json()["images"]
    as_atelier.put(f"{PRODUCTS}/{dress.pk}", {"images": kept[1:]})

    dress.refresh_from_db()
    assert len(dress.images) == 1


REFUSED = {
    "no name": ({"price": 1}, "/name"),
    "blank name": ({"name": " ", "price": 1}, "/name"),
    "long name": ({"name": "x" * 201, "price": 1}, "/name"),
    "no price": ({"name": "x"}, "/price"),
    "free": ({"name": "x", "price": 0}, "/price"),
    "negative": ({"name": "x", "price": -1}, "/price"),
    "too dear": ({"name": "x", "price": 10**9}, "/price"),
    "infinite": ({"name": "x", "price": "Infinity"}, "/price"),
    "not a number": ({"name": "x", "price": "NaN"}, "/price"),
    "thirds": ({"name": "x", "price": "0.333"}, "/price"),
    "no such category": ({"name": "x", "price": 1, "category_id": 10**15}, "/category_id"),
    "list": ({"name": "x", "price": 1, "characteristics": [1]}, "/characteristics"),
    "nested": ({"name": "x", "price": 1, "characteristics": {"a": {}}}, "/characteristics"),
    "NUL within": (
        {"name": "x", "price": 1, "characteristics": '{"a": "\\u0000"}'},
        "/characteristics",
    ),
    "not JSON": ({"name": "x", "price": 1, "characteristics": "{"}, "/characteristics"),
    "eleven": ({"name": "x", "price": 1, "image_urls": ["a"] * 11}, "/image_urls"),
}


@pytest.mark.parametrize(("sent", "pointer"), REFUSED.values(), ids=REFUSED)
def test_what_makes_no_sense_is_refused_by_name(as_atelier, sent, pointer):
    response = as_atelier.post(PRODUCTS, sent)

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert not Product.objects.exists()


def test_another_shops_upload_is_refused(as_bazaar, uploaded):
    response = as_bazaar.post(PRODUCTS, {"name": "x", "price": 1, "image_urls": uploaded()})

    assert (response.status_code, response.json()["code"]) == (422, "unknown_upload")
    assert not Product.objects.exists()


def test_a_shop_does_not_moderate_itself(as_atelier):
    sent = {"name": "x", "price": 1, "moderation_status": "approved", "is_active": True}

    body = as_atelier.post(PRODUCTS, sent).json()

    assert (body["moderation_status"], body["is_active"]) == ("pending", False)


def test_strangers_find_no_product_of_others(as_bazaar, anyone, dress):
    address = f"{PRODUCTS}/{dress.pk}"

    assert as_bazaar.put(address, {"name": "mine"}).status_code == 404
    assert as_bazaar.delete(address).status_code == 404
    assert anyone.get(address).status_code == 404


def test_pictures_are_public_only_after_approval(as_atelier, as_admin, anyone, dress):
    name = f"/uploads/shops/{dress.shop_id}/products/{dress.pk}/image_0.jpg"
    [signed] = as_atelier.get(f"{PRODUCTS}/{dress.pk}").json()["images"]

    assert anyone.get(name).status_code == 404
    assert anyone.get(signed.removeprefix("http://127.0.0.1:8000")).status_code == 200
    as_admin.post(f"/api/v1/admin/products/{dress.pk}/approve", {})

    assert anyone.get(name)["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize(
    "query",
    [{"price_min": "x"}, {"category": "x"}, {"shop": "1e"}],
)
def test_a_senseless_filter_is_refused(anyone, dress_on_sale, query):
    assert anyone.get(PRODUCTS, query).status_code == 422


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "SILK"}, 1),
        ({"search": "wool"}, 0),
        ({"price_min": "400", "price_max": "400"}, 1),
        ({"price_max": "399.99"}, 0),
        ({"shop": "999999999999999999999"}, 0),
    ],
)
def test_the_catalogue_is_narrowed(anyone, dress_on_sale, query, found):
    assert len(anyone.get(PRODUCTS, query).json()["products"]) == found


def test_an_upload_without_files_is_refused(as_atelier):
    response = as_atelier.post(f"{PRODUCTS}/upload-images", {}, format="multipart")

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/files"
