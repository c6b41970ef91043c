"""An e-mail address opens no account: accounts are found by the provider's `sub` alone."""

import pytest

from accounts.models import AuthSession, User
from shops.models import Shop

EMAIL = "a@mail.example"
MODELS = {"user": User, "shop": Shop}


def sign_in(client, house, account_type, **told):
    sent = {"id_token": house.token(**told), "account_type": account_type}
    return client.post(f"/api/v1/auth/{house.name}/login", sent)


def account(kind, email=EMAIL, **identity):
    named = {"name": "A"} if kind == "user" else {"shop_name": "A"}
    return MODELS[kind].objects.create(email=email, **named, **identity)


@pytest.mark.parametrize("known", ["user", "shop"])
@pytest.mark.parametrize("wanted", ["user", "shop"])
@pytest.mark.parametrize("of", ["google_id", "apple_id"])
@pytest.mark.parametrize("email", [EMAIL, "A@Mail.Example"])
def test_somebody_elses_address_is_refused(theirs, anyone, db, known, wanted, of, email):
    account(known, email, **{of: "somebody else"})

    response = sign_in(anyone, theirs, wanted)

    assert (response.status_code, response.json()["code"]) == (409, "email_in_use")
    assert User.objects.count() + Shop.objects.count() == 1
    assert not AuthSession.objects.exists()
    row = MODELS[known].objects.get()
    assert {row.google_id, row.apple_id} == {"somebody else", None}


def test_the_same_number_at_the_other_provider_is_somebody_else(anyone, houses, db):
    """Google's person 1077 and Apple's have nothing to do with each other."""
    google, apple = houses
    sign_in(anyone, google, "user")

    assert sign_in(anyone, apple, "user").status_code == 409
    assert sign_in(anyone, apple, "user", email="b@mail.example").status_code == 200
    assert User.objects.count() == 2


@pytest.mark.parametrize("first", ["user", "shop"])
def test_a_person_has_user_and_shop_under_one_address(theirs, anyone, db, first):
    second = "shop" if first == "user" else "user"

    assert sign_in(anyone, theirs, first).status_code == 200
    assert sign_in(anyone, theirs, second).status_code == 200
    assert (User.objects.get().email, Shop.objects.get().email) == (EMAIL, EMAIL)


def test_a_person_whose_address_changed_is_the_same(theirs, anyone, db):
    sign_in(anyone, theirs, "user")

    response = sign_in(anyone, theirs, "user", email="new@mail.example")

    assert response.status_code == 200
    assert User.objects.get().email == EMAIL


def test_the_address_of_a_blocked_account_stays_taken(theirs, anyone, db):
    account("user", google_id="somebody else", is_active=False)

    assert sign_in(anyone, theirs, "user").json()["code"] == "email_in_use"
