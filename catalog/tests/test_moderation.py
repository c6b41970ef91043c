"""An administrator decides about a product, once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


def test_a_submitted_product_is_announced_to_administrators(as_atelier, dresses, published):
    body = {"name": "Felt coat", "price": 45000, "category_id": dresses.pk}

    with published() as events:
        response = as_atelier.post("/api/v1/products", body)

    assert response.status_code == 201
    assert response.json()["moderation_status"] == "pending"
    assert response.json()["is_active"] is False
    [(audience, kind, data)] = events
    assert (audience, kind) == ("admins", "product_submitted")
    assert data["product"]["name"] == "Felt coat"


def test_approval_puts_it_on_sale_and_tells_the_shop_and_every_user(
    as_admin, anyone, dress, published
):
    with published() as events:
        response = as_admin.post(f"/api/v1/admin/products/{dress.pk}/approve")

    assert response.status_code == 200
    heard = [(audience, kind, data.get("status")) for audience, kind, data in events]
    assert heard == [
        (f"shop:{dress.shop_id}", "product_moderation_completed", "approved"),
        ("users", "product_moderation_completed", "approved"),
        ("admins", "moderation_queue_updated", None),
    ]
    assert events[-1][2] == {"action": "approved", "product_id": dress.pk, "waiting": 0}
    [listed] = anyone.get("/api/v1/products").json()["products"]
    assert (listed["id"], listed["price"]) == (dress.pk, 400)


def test_a_rejection_is_heard_by_the_shop_alone(as_admin, anyone, dress, published):
    with published() as events:
        response = as_admin.post(
            f"/api/v1/admin/products/{dress.pk}/reject", {"reason": "The picture is blurred"}
        )

    assert response.status_code == 200
    [(audience, _, data), (others, _, _)] = events
    assert (audience, others) == (f"shop:{dress.shop_id}", "admins")
    assert data["product"]["moderation_notes"] == "The picture is blurred"
    assert anyone.get("/api/v1/products").json()["products"] == []


def test_it_is_decided_once(as_admin, dress, published):
    as_admin.post(f"/api/v1/admin/products/{dress.pk}/approve")

    with published() as events:
        response = as_admin.post(f"/api/v1/admin/moderation/{dress.pk}/reject", {"notes": "No"})

    assert response.status_code == 409
    assert response.json()["code"] == "already_moderated"
    assert events == []


def test_a_rejection_needs_a_reason(as_admin, dress):
    response = as_admin.post(f"/api/v1/admin/products/{dress.pk}/reject", {})

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/reason"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Цена вводит в заблуждение. 1 ₸?"),
        ("kk", "Бағасы жаңылыстырады. 1 ₸?"),
        ("en", "The price is misleading. 1 ₸?"),
    ],
)
def test_the_shop_reads_the_reason_in_its_own_language(as_admin, as_atelier, dress, language, text):
    body = {"reason_code": "misleading_price", "reason": "1 ₸?"}
    as_admin.post(f"/api/v1/admin/products/{dress.pk}/reject", body)

    own = as_atelier.get(f"/api/v1/products/{dress.pk}", headers={"accept-language": language})

    said = own.json()
    assert (said["moderation_reason"], said["moderation_notes"]) == ("misleading_price", text)


def test_only_administrators_decide(as_aigerim, as_atelier, anyone, dress):
    address = f"/api/v1/admin/products/{dress.pk}/approve"

    assert as_aigerim.post(address).json()["code"] == "admin_only"
    assert as_atelier.post(address).status_code == 403
    assert anyone.post(address).status_code == 401
    dress.refresh_from_db()
    assert dress.moderation_status == "pending"


def test_the_queue_shows_what_waits(as_admin, dress):
    [waiting] = as_admin.get("/api/v1/admin/products/moderation").json()

    assert waiting["id"] == dress.pk
    assert "signature=" in waiting["images"][0]


def test_an_unapproved_shop_offers_nothing(as_atelier, atelier):
    atelier.is_approved = False
    atelier.save(update_fields=["is_approved"])

    response = as_atelier.post("/api/v1/products", {"name": "Hat", "price": 100})

    assert response.status_code == 409
    assert response.json()["code"] == "shop_not_approved"


def test_the_catalogue_takes_the_same_queries_for_one_row_and_for_three(
    anyone, as_admin, as_atelier, dress_on_sale
):
    with CaptureQueriesContext(connection) as one:
        anyone.get("/api/v1/products")
    for name in ("Coat", "Hat"):
        created = as_atelier.post("/api/v1/products", {"name": name, "price": 100}).json()
        as_admin.post(f"/api/v1/admin/products/{created['id']}/approve")

    with CaptureQueriesContext(connection) as three:
        response = anyone.get("/api/v1/products")

    assert len(response.json()["products"]) == 3
    assert (len(one), len(three)) == (1, 1)
