"""Who is whose: what the database refuses, and how the shop of a person is found."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from shops.models import Shop

MAKE = {
    User: lambda **identity: User.objects.create(email="n@x.kz", name="N", **identity),
    Shop: lambda **identity: Shop.objects.create(email="n@x.kz", shop_name="N", **identity),
}


@pytest.mark.parametrize("model", MAKE)
@pytest.mark.parametrize(
    "identity", [{}, {"google_id": ""}, {"apple_id": ""}, {"google_id": "g", "apple_id": ""}]
)
def test_an_account_that_nobody_can_enter_is_refused(db, model, identity):
    with pytest.raises(IntegrityError), transaction.atomic():
        MAKE[model](**identity)


@pytest.mark.parametrize("model", MAKE)
def test_an_erased_account_belongs_to_nobody(db, model):
    assert MAKE[model](is_active=False).pk


@pytest.mark.parametrize("model", MAKE)
def test_an_erased_account_is_not_let_in_again_without_an_owner(db, model):
    erased = MAKE[model](is_active=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=erased.pk).update(is_active=True)


@pytest.mark.parametrize("model", MAKE)
@pytest.mark.parametrize("name", ["google_id", "apple_id"])
def test_an_identity_has_one_account(db, model, name):
    model.objects.bulk_create([model(email="o@x.kz", **{name: "same"}, **named(model))])

    with pytest.raises(IntegrityError), transaction.atomic():
        MAKE[model](**{name: "same"})


@pytest.mark.parametrize("model", MAKE)
def test_an_address_has_one_account_in_whatever_case(db, model):
    model.objects.bulk_create([model(email="N@X.kz", google_id="g1", **named(model))])

    with pytest.raises(IntegrityError), transaction.atomic():
        MAKE[model](google_id="g2")


def named(model):
    return {"name": "O"} if model is User else {"shop_name": "O"}


@pytest.fixture
def shops(db):
    """One shop for each way to have or not to have an identity."""
    return {
        name: Shop.objects.create(email=f"{name}@x.kz", shop_name=name, **identity)
        for name, identity in {
            "google": {"google_id": "g"},
            "apple": {"apple_id": "a"},
            "both": {"google_id": "gg", "apple_id": "aa"},
            "erased": {"is_active": False},
        }.items()
    }


@pytest.mark.parametrize(
    ("identity", "found"),
    [
        ({"google_id": "g"}, ["google"]),
        ({"apple_id": "a"}, ["apple"]),
        ({"google_id": "g", "apple_id": "a"}, ["google", "apple"]),
        ({"google_id": "gg"}, ["both"]),
        ({"apple_id": "aa"}, ["both"]),
        ({"google_id": "gg", "apple_id": "aa"}, ["both"]),
        ({"google_id": "a"}, []),
        ({"apple_id": "g"}, []),
        ({"google_id": "other"}, []),
        ({}, []),
        ({"google_id": "", "apple_id": ""}, []),
    ],
)
def test_a_shop_is_its_owners_and_a_missing_id_is_nobodys(shops, identity, found):
    person = User(**identity)

    assert [shop.shop_name for shop in Shop.objects.owned_by(person)] == found
