"""An administrator decides about a shop."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import signed_in
from shops.models import Shop


@pytest.fixture
def newcomer(db):
    return Shop.objects.create(google_id="g-new", email="new@example.kz", shop_name="New")


def address(shop, action):
    return f"/api/v1/admin/shops/{shop.pk}/{action}"


def test_approval_opens_the_shop_and_everybody_hears(as_admin, anyone, newcomer, published):
    with published() as events:
        response = as_admin.post(address(newcomer, "approve"), {"notes": "welcome"})

    assert response.json() == {
        "message": "The shop is approved.",
        "shop_id": newcomer.pk,
        "shop_name": "New",
    }
    heard = [(audience, kind) for audience, kind, _ in events]
    assert heard == [(f"shop:{newcomer.pk}", "shop_approved"), ("users", "shop_created")]
    assert events[0][2] == {"shop_id": newcomer.pk, "shop_name": "New"}
    [listed] = anyone.get("/api/v1/shops/").json()["shops"]
    assert listed["id"] == newcomer.pk
    assert not {"email", "balance", "google_id"} & listed.keys()


def test_a_rejected_shop_hears_why_and_may_try_again(as_admin, newcomer, published):
    with published() as events:
        as_admin.post(address(newcomer, "reject"), {"reason": "The address is missing"})
    [(audience, kind, data)] = events
    assert (audience, kind) == (f"shop:{newcomer.pk}", "shop_rejected")
    assert data["reason"] == "The address is missing"

    with published() as events:
        response = signed_in(newcomer).put("/api/v1/shops/me", {"address": "Abay 1"})

    assert (response.json()["status"], response.json()["address"]) == ("pending", "Abay 1")
    assert [event[:2] for event in events] == [("admins", "shop_created")]


def test_it_is_decided_once(as_admin, newcomer):
    as_admin.post(address(newcomer, "approve"), {})

    again = as_admin.post(address(newcomer, "approve"), {})
    rejected = as_admin.post(address(newcomer, "reject"), {"reason": "Too late for that"})

    assert (again.status_code, again.json()["code"]) == (409, "shop_already_decided")
    assert rejected.status_code == 409


def test_a_reason_has_ten_letters_at_least(as_admin, newcomer):
    assert as_admin.post(address(newcomer, "reject"), {"reason": "No"}).status_code == 422


def test_an_unapproved_shop_is_not_public(anyone, newcomer):
    assert anyone.get("/api/v1/shops").json()["shops"] == []
    assert anyone.get(f"/api/v1/shops/{newcomer.pk}").status_code == 404


def test_only_administrators_decide(as_aigerim, as_atelier, newcomer):
    assert as_aigerim.post(address(newcomer, "approve"), {}).status_code == 403
    assert as_atelier.post(address(newcomer, "approve"), {}).status_code == 403
    newcomer.refresh_from_db()
    assert not newcomer.is_approved


def test_a_shop_cannot_approve_or_enrich_itself(as_atelier, atelier):
    as_atelier.put("/api/v1/shops/me", {"is_approved": False, "balance": 10**6, "phone": "+7 701"})

    atelier.refresh_from_db()
    assert (atelier.is_approved, atelier.balance, atelier.phone) == (True, 0, "+7 701")


@pytest.mark.parametrize(
    ("sent", "kept"), [("+7 (701) 123-45-67", "+77011234567"), ("", ""), ("8701", None)]
)
def test_a_whatsapp_number_is_checked(as_atelier, sent, kept):
    response = as_atelier.put("/api/v1/shops/me", {"whatsapp_number": sent})

    if kept is None:
        assert response.status_code == 422
    else:
        assert response.json()["whatsapp_number"] == kept


def test_everybody_sees_the_avatar_of_a_shop(as_atelier, anyone, picture):
    upload = SimpleUploadedFile("logo.png", picture)
    body = as_atelier.post("/api/v1/shops/upload-avatar", {"file": upload}, format="multipart")

    address = body.json()["url"].removeprefix("http://127.0.0.1:8000")

    assert anyone.get(address)["Content-Type"] == "image/jpeg"
    assert as_atelier.get("/api/v1/shops/me").json()["avatar_url"].endswith(address)
