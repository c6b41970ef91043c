"""A signed-in person enters the shop that is theirs."""

import jwt
import pytest

from accounts.models import AuthSession
from conftest import signed_in
from shops.models import Shop

ENTER = "/api/v1/auth/user/get-or-create-shop"


def test_the_first_time_a_shop_is_opened_and_waits(as_aigerim, aigerim, published):
    with published() as events:
        response = as_aigerim.post(ENTER)

    body = response.json()
    assert response.status_code == 200
    assert (body["account_type"], body["platform"], body["token_type"]) == ("shop", "web", "bearer")
    assert (body["shop"]["email"], body["shop"]["shop_name"]) == ("aigerim@example.kz", "Aigerim")
    assert body["shop"]["is_approved"] is False
    assert "user" not in body
    [(audience, kind, _data)] = events
    assert (audience, kind) == ("admins", "shop_created")
    shop = Shop.objects.get()
    assert (shop.google_id, shop.apple_id) == (aigerim.google_id, None)
    assert response["Cache-Control"] == "no-store"


def test_the_token_is_the_shops(as_aigerim, anyone):
    body = as_aigerim.post(ENTER).json()

    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert (claims["shop_id"], claims["role"], claims["platform"]) == (
        body["shop"]["id"],
        "shop",
        "web",
    )
    assert "user_id" not in claims
    anyone.credentials(HTTP_AUTHORIZATION=f"Bearer {body['access_token']}")
    assert anyone.get("/api/v1/shops/me").json()["id"] == body["shop"]["id"]
    assert anyone.get("/api/v1/users/me").status_code == 403


def test_the_next_time_it_is_the_same_shop(as_aigerim, published):
    first = as_aigerim.post(ENTER).json()
    with published() as events:
        second = as_aigerim.post(ENTER, {}).json()

    assert first["shop"]["id"] == second["shop"]["id"]
    assert AuthSession.objects.filter(shop_id=first["shop"]["id"]).count() == 2
    assert events == []


def test_the_shop_that_the_person_signed_in_to_before_is_found(as_aigerim, aigerim):
    shop = Shop.objects.create(
        google_id=aigerim.google_id, email="other@example.kz", shop_name="Mine"
    )

    assert as_aigerim.post(ENTER).json()["shop"]["id"] == shop.pk


def test_a_person_who_came_by_apple_finds_no_shop_of_those_who_did_not(as_timur, timur, atelier):
    """Both have no Google id or no Apple id: that makes nobody the same person."""
    timur.google_id, timur.apple_id = None, "a-timur"
    timur.save(update_fields=["google_id", "apple_id"])
    Shop.objects.create(apple_id="a-other", email="o@example.kz", shop_name="Other")

    shop = as_timur.post(ENTER).json()["shop"]

    assert shop["shop_name"] == "Timur"
    assert Shop.objects.get(pk=shop["id"]).apple_id == "a-timur"


def test_a_strangers_shop_with_the_same_address_is_not_given_away(as_aigerim, aigerim):
    Shop.objects.create(google_id="g-other", email=aigerim.email.upper(), shop_name="Other")

    response = as_aigerim.post(ENTER)

    assert (response.status_code, response.json()["code"]) == (409, "email_in_use")
    assert not AuthSession.objects.filter(shop__isnull=False).exists()


def test_a_suspended_shop_stays_closed(as_aigerim, aigerim):
    Shop.objects.create(
        google_id=aigerim.google_id, email=aigerim.email, shop_name="Mine", is_active=False
    )

    response = as_aigerim.post(ENTER)

    assert (response.status_code, response.json()["code"]) == (403, "account_blocked")


def test_others_are_refused(anyone, as_atelier, db):
    assert anyone.post(ENTER).status_code == 401
    assert as_atelier.post(ENTER).status_code == 403


@pytest.mark.parametrize("sent", [{"shop_id": 1}, {"google_id": "g-atelier"}, [1]])
def test_nobody_chooses_the_shop(as_aigerim, atelier, sent):
    assert as_aigerim.post(ENTER, sent).status_code == 422
    assert Shop.objects.count() == 1


def test_an_administrator_has_a_shop_like_everybody(admin):
    body = signed_in(admin, "web").post(ENTER).json()

    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert claims["role"] == "shop"
