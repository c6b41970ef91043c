"""A product on sale stays as it is until an administrator has seen what is to be changed."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog import moderation, revisions
from catalog.models import ModerationDecision, Product, ProductRevision
from catalog.products import delete_product, update_product
from catalog.tests.test_picture_sizes import shirt
from core import storage

PRODUCTS = "/api/v1/products"


@pytest.fixture
def address(dress_on_sale):
    return f"{PRODUCTS}/{dress_on_sale.pk}"


def decide(client, product, act, **body):
    return client.post(f"/api/v1/admin/products/{product.pk}/{act}", body)


def path_of(name):
    return f"/uploads/{name}"


def test_the_old_version_stays_on_sale_and_the_new_one_waits(
    as_atelier, anyone, dress_on_sale, address, published
):
    with published() as events:
        body = as_atelier.put(address, {"name": "Silk gown", "price": 350}).json()

    assert (body["name"], body["price"]) == ("Silk dress", 350)
    assert (body["moderation_status"], body["is_active"]) == ("approved", True)
    assert body["revision"]["name"] == "Silk gown"
    assert "price" not in body["revision"]
    [shown] = anyone.get(PRODUCTS).json()["products"]
    assert (shown["name"], shown["price"]) == ("Silk dress", 350)
    [(audience, kind, data)] = events
    assert (audience, kind, data["waiting"]) == ("admins", "product_submitted", 1)


def test_a_shopper_does_not_see_what_waits(as_atelier, as_aigerim, as_bazaar, anyone, address):
    as_atelier.put(address, {"name": "Silk gown"})

    for client in (as_aigerim, as_bazaar, anyone):
        response = client.get(address)
        assert "revision" not in response.json()
        assert b"gown" not in response.content
    assert as_atelier.get(address).json()["revision"]["name"] == "Silk gown"


def test_approved_it_is_what_is_on_sale(as_atelier, as_admin, anyone, dress_on_sale, address):
    as_atelier.put(address, {"name": "Silk gown", "characteristics": {"colour": "red"}})
    [waiting] = as_admin.get("/api/v1/admin/products/moderation").json()

    response = decide(as_admin, dress_on_sale, "approve", revision_id=waiting["revision"]["id"])

    assert response.status_code == 200
    shown = anyone.get(address).json()
    assert (shown["name"], shown["characteristics"]) == ("Silk gown", {"colour": "red"})
    assert as_admin.get("/api/v1/admin/products/moderation").json() == []


def test_rejected_nothing_changes_and_the_shop_reads_why_in_its_own_language(
    as_atelier, as_admin, dress_on_sale, address, published
):
    as_atelier.put(address, {"name": "Silk gown"})

    with published() as events:
        response = decide(as_admin, dress_on_sale, "reject", reason_code="wrong_category")

    assert response.status_code == 200
    shown = as_atelier.get(address).json()
    assert (shown["name"], shown["moderation_status"]) == ("Silk dress", "approved")
    told = shown["revision"]
    assert (told["status"], told["name"]) == ("rejected", "Silk gown")
    assert told["moderation_notes"] == "The category is wrong."
    heard = [(audience, kind, data.get("status")) for audience, kind, data in events]
    assert heard == [
        (f"shop:{dress_on_sale.shop_id}", "product_revision_moderated", "rejected"),
        ("admins", "moderation_queue_updated", None),
    ]
    assert events[0][2]["reason"] == {
        "code": "wrong_category",
        "ru": "Категория указана неверно.",
        "kk": "Санат қате көрсетілген.",
        "en": "The category is wrong.",
    }


def test_what_was_rejected_is_told_until_the_shop_changes_something_else(
    as_atelier, as_admin, dress_on_sale, address
):
    as_atelier.put(address, {"name": "Silk gown"})
    decide(as_admin, dress_on_sale, "reject", reason_code="wrong_category")

    changed = as_atelier.put(address, {"description": "Long"}).json()["revision"]

    assert (changed["status"], changed["description"]) == ("pending", "Long")
    assert "name" not in changed
    decide(as_admin, dress_on_sale, "approve")
    assert as_atelier.get(address).json()["revision"] is None


def test_a_newer_change_takes_the_place_of_the_one_that_waits_and_keeps_what_it_said(
    as_atelier, as_admin, dress_on_sale, address
):
    first = as_atelier.put(address, {"name": "Silk gown"}).json()["revision"]
    second = as_atelier.put(address, {"description": "Long"}).json()["revision"]

    assert (second["name"], second["description"]) == ("Silk gown", "Long")
    statuses = ProductRevision.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["replaced", "pending"]
    late = decide(as_admin, dress_on_sale, "approve", revision_id=first["id"])
    assert (late.status_code, late.json()["code"]) == (409, "revision_changed")
    assert as_admin.get(address).json()["name"] == "Silk dress"


def test_what_is_again_as_it_is_on_sale_waits_no_longer(as_atelier, as_admin, address, published):
    as_atelier.put(address, {"name": "Silk gown"})

    with published() as events:
        body = as_atelier.put(address, {"name": "Silk dress"}).json()

    assert body["revision"] is None
    assert [(kind, data["waiting"]) for _, kind, data in events] == [
        ("moderation_queue_updated", 0)
    ]


def test_the_same_again_is_no_change(as_atelier, address, published):
    with published() as events:
        body = as_atelier.put(address, {"name": "Silk dress", "price": 400}).json()

    assert body["revision"] is None
    assert events == []


def test_new_pictures_are_closed_until_they_are_approved(
    as_atelier, as_admin, anyone, dress_on_sale, picture
):
    before = list(dress_on_sale.images)
    update_product(dress_on_sale, images=[shirt(width=300), storage.read(before[0])])
    revision = ProductRevision.objects.get()
    [new, old] = revision.proposed["images"]

    assert old == before[0]
    assert Product.objects.get().images == before
    assert (anyone.get(path_of(old)).status_code, anyone.get(path_of(new)).status_code) == (
        200,
        404,
    )
    shown = as_atelier.get(f"{PRODUCTS}/{dress_on_sale.pk}").json()["revision"]["pictures"]
    assert anyone.get(shown[0]["url"].removeprefix("http://127.0.0.1:8000")).status_code == 200
    decide(as_admin, dress_on_sale, "approve")

    assert Product.objects.get().images == [new, old]
    assert anyone.get(path_of(new)).status_code == 200


def test_pictures_that_nothing_shows_any_more_go_when_nothing_can_be_undone(
    dress_on_sale, admin, django_capture_on_commit_callbacks
):
    [old] = dress_on_sale.images
    update_product(dress_on_sale, images=[shirt(width=300)])
    moderation.approve(dress_on_sale, by=admin)
    [new] = Product.objects.get().images

    with django_capture_on_commit_callbacks(execute=True):
        assert revisions.clear() == 0
    assert storage.read(old)
    long_ago = timezone.now() - 2 * revisions.UNDO
    ProductRevision.objects.update(ended_at=long_ago)
    ModerationDecision.objects.update(decided_at=long_ago)
    with django_capture_on_commit_callbacks(execute=True):
        assert revisions.clear() == 1

    assert storage.read(new)
    with pytest.raises(FileNotFoundError):
        storage.read(old)
    assert list(Product.objects.get().picture_facts) == [new]
    assert revisions.clear() == 0


def test_pictures_of_a_rejected_one_stay_as_long_as_it_is_told(
    dress_on_sale, admin, as_atelier, address, anyone, django_capture_on_commit_callbacks
):
    update_product(dress_on_sale, images=[shirt(width=300)])
    moderation.reject(dress_on_sale, "The text", by=admin)
    long_ago = timezone.now() - 2 * revisions.UNDO
    ProductRevision.objects.update(ended_at=long_ago)
    ModerationDecision.objects.update(decided_at=long_ago)

    with django_capture_on_commit_callbacks(execute=True):
        revisions.clear()

    [shown] = as_atelier.get(address).json()["revision"]["pictures"]
    assert anyone.get(shown["url"].removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert shown["width"] == 300


def test_stock_and_rental_count_at_once(as_atelier, address):
    sent = {
        "variants": [{"size": "M", "stock": 3}],
        "rental_terms": {"price_per_day": 100},
    }

    body = as_atelier.put(address, sent).json()

    assert (body["variants"][0]["size"], body["rental_terms"]["price_per_day"]) == ("M", 100)
    assert body["revision"] is None


def test_a_rejected_product_that_is_edited_goes_back_into_the_queue(as_atelier, dress, admin):
    moderation.reject(dress, "Blurred", by=admin)

    body = as_atelier.put(f"{PRODUCTS}/{dress.pk}", {"name": "Silk gown"}).json()

    assert (body["name"], body["moderation_status"]) == ("Silk gown", "pending")
    assert (body["moderation_notes"], body["revision"]) == ("", None)


def test_the_database_takes_one_revision_that_waits(dress_on_sale):
    update_product(dress_on_sale, name="Silk gown")

    with pytest.raises(IntegrityError, match="one_revision_waits"), transaction.atomic():
        ProductRevision.objects.create(product=dress_on_sale, proposed={"name": "Other"})


def test_a_deleted_product_waits_no_longer(as_aigerim, as_admin, dress_on_sale):
    as_aigerim.post(f"{PRODUCTS}/{dress_on_sale.pk}/purchase", {})
    update_product(dress_on_sale, name="Silk gown")

    delete_product(dress_on_sale)

    assert not ProductRevision.objects.waiting().exists()
    assert decide(as_admin, dress_on_sale, "approve").status_code == 409


def test_every_field_that_shoppers_read_is_moderated():
    """A new language is one word in CONTENT; nothing else of the revision names fields."""
    assert set(revisions.CONTENT) == {
        "name",
        "name_kk",
        "name_en",
        "description",
        "description_kk",
        "description_en",
        "characteristics",
        "category",
        "images",
    }
