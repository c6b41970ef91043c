"""Where people let things be sent to."""

import pytest
from django.db import IntegrityError, connection, transaction

from billing.tests.test_ledger import at_once
from config.personal_data import erasure
from orders.delivery import addresses
from orders.models import Order

ADDRESSES = "/api/v1/users/me/addresses"
HOME = {
    "recipient": "Aigerim",
    "phone": "+7 701 234 56 78",
    "city": "Almaty",
    "street": "Abai 1",
}


def shown(client):
    return [(row["street"], row["is_default"]) for row in client.get(ADDRESSES).json()]


def test_the_first_is_the_default_until_another_becomes_it(as_aigerim):
    home = as_aigerim.post(ADDRESSES, HOME)
    work = as_aigerim.post(ADDRESSES, {**HOME, "street": "Satpaev 2"}).json()
    assert (home.status_code, home.json()["is_default"]) == (201, True)
    assert shown(as_aigerim) == [("Satpaev 2", False), ("Abai 1", True)]

    address = f"{ADDRESSES}/{work['id']}"
    changed = as_aigerim.put(address, {**work, "street": "Satpaev 22", "is_default": True})

    assert changed.json()["street"] == "Satpaev 22"
    assert shown(as_aigerim) == [("Satpaev 22", True), ("Abai 1", False)]
    as_aigerim.put(address, {**work, "is_default": False})
    assert shown(as_aigerim) == [("Satpaev 2", True), ("Abai 1", False)]


def test_when_the_default_goes_the_newest_takes_its_place(as_aigerim):
    ids = [as_aigerim.post(ADDRESSES, {**HOME, "street": s}).json()["id"] for s in "ABC"]

    assert as_aigerim.delete(f"{ADDRESSES}/{ids[0]}").status_code == 200
    assert shown(as_aigerim) == [("C", True), ("B", False)]
    as_aigerim.delete(f"{ADDRESSES}/{ids[1]}")
    as_aigerim.delete(f"{ADDRESSES}/{ids[2]}")
    assert shown(as_aigerim) == []


@pytest.mark.parametrize(
    "said", [{"phone": "call me"}, {"recipient": ""}, {"street": "x" * 201}, {"user_id": 1}]
)
def test_a_senseless_address_is_refused(as_aigerim, said):
    assert as_aigerim.post(ADDRESSES, {**HOME, **said}).status_code == 422
    assert shown(as_aigerim) == []


def test_twenty_are_enough(as_aigerim, aigerim):
    for _ in range(20):
        addresses.add(aigerim, **HOME)

    response = as_aigerim.post(ADDRESSES, HOME)

    assert (response.status_code, response.json()["code"]) == (409, "too_many_addresses")


def test_a_strangers_address_is_not_found(as_aigerim, as_timur):
    home = as_aigerim.post(ADDRESSES, HOME).json()

    assert as_timur.put(f"{ADDRESSES}/{home['id']}", HOME).status_code == 404
    assert as_timur.delete(f"{ADDRESSES}/{home['id']}").status_code == 404
    assert shown(as_aigerim) == [("Abai 1", True)]


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_the_default(timur):
    outcomes = at_once(6, lambda _: addresses.add(timur, **HOME, is_default=True))

    assert outcomes == ["DeliveryAddress"] * 6
    assert timur.addresses.filter(is_default=True).count() == 1


def test_the_address_of_an_erased_person_does_not_come_back(timur, dress_on_sale, atelier):
    order = Order.objects.create(
        user=timur,
        shop=atelier,
        product=dress_on_sale,
        status="cancelled",
        stage="cancelled",
        items_amount=400,
        total_amount=400,
        delivery_address="Timur, Abai 1",
    )
    erasure.erase(timur)
    assert Order.objects.get().delivery_address == ""

    with pytest.raises(IntegrityError), transaction.atomic():
        order.save()
    Order.objects.get().save()

    with connection.cursor() as cursor:
        cursor.execute("SELECT delivery_address FROM orders")
        assert cursor.fetchall() == [("",)]
