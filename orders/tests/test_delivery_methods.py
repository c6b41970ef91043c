"""How a shop delivers: over the API and in its panel."""

from decimal import Decimal

import pytest

from orders.delivery import methods
from orders.models import DeliveryMethod
from shops.models import Shop
from shops.tests.owners import browser_of_shop

OWN = "/api/v1/shops/me/delivery-methods"
PAGE = "/panel/delivery/"


@pytest.fixture
def panel(atelier):
    return browser_of_shop(atelier)


def public(client, shop):
    return client.get(f"/api/v1/shops/{shop.pk}/delivery-methods")


def test_shoppers_see_what_the_shop_offers(as_atelier, anyone, atelier):
    courier = {"kind": "free_from", "name": "Courier", "price": 900, "free_from": 20000}

    made = as_atelier.post(OWN, courier)
    hidden = as_atelier.post(OWN, {"kind": "pickup", "name": "Here", "is_active": False})

    assert (made.status_code, hidden.status_code) == (201, 201)
    assert public(anyone, atelier).json() == [
        {**courier, "id": made.json()["id"], "shop_id": atelier.pk, "is_active": True}
    ]
    assert [row["name"] for row in as_atelier.get(OWN).json()] == ["Here", "Courier"]


def test_a_method_is_changed_and_taken_away(as_atelier, anyone, atelier):
    made = as_atelier.post(OWN, {"kind": "flat", "name": "Courier", "price": 900}).json()
    address = f"{OWN}/{made['id']}"

    changed = as_atelier.put(address, {**made, "price": 1000}).json()

    assert (changed["name"], changed["price"]) == ("Courier", 1000)
    assert as_atelier.delete(address).status_code == 200
    assert public(anyone, atelier).json() == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"kind": "free_from"}, "bad_delivery_method"),
        ({"kind": "flat", "free_from": 100}, "bad_delivery_method"),
        ({"kind": "drone"}, "invalid"),
        ({"price": -1}, "invalid"),
        ({"name": ""}, "invalid"),
    ],
)
def test_a_senseless_method_is_refused(as_atelier, said, code):
    response = as_atelier.post(OWN, {"kind": "flat", "name": "Courier", "price": 5, **said})

    assert (response.status_code, response.json()["code"]) == (422, code)
    assert not DeliveryMethod.objects.exists()


def test_twenty_are_enough(as_atelier, atelier):
    for _ in range(20):
        methods.add(atelier, kind="pickup", name="Here")

    response = as_atelier.post(OWN, {"kind": "pickup", "name": "Here"})

    assert (response.status_code, response.json()["code"]) == (409, "too_many_delivery_methods")


def test_a_method_of_another_shop_is_not_found(as_bazaar, atelier, bazaar):
    method = methods.add(atelier, kind="pickup", name="Here")
    sent = {"kind": "pickup", "name": "Mine"}

    assert as_bazaar.put(f"{OWN}/{method.pk}", sent).status_code == 404
    assert as_bazaar.delete(f"{OWN}/{method.pk}").status_code == 404
    assert browser_of_shop(bazaar).post(f"{PAGE}{method.pk}/delete/").status_code == 404
    assert browser_of_shop(bazaar).post(f"{PAGE}{method.pk}/edit/", sent).status_code == 404
    assert DeliveryMethod.objects.get().name == "Here"


def test_a_shop_that_is_closed_shows_nothing(anyone, atelier):
    Shop.objects.update(is_active=False)

    assert public(anyone, atelier).status_code == 404


def test_the_owner_keeps_them_in_the_panel(panel, atelier):
    empty = panel.get(PAGE).content.decode()
    assert "you arrange the delivery with each customer" in empty

    sent = {"name": "Courier", "kind": "flat", "price": "900", "is_active": "on"}
    assert panel.post(PAGE, sent)["Location"] == PAGE

    method = DeliveryMethod.objects.get()
    assert (method.shop, method.price, method.is_active) == (atelier, Decimal(900), True)
    page = panel.get(PAGE).content.decode()
    assert "<td>Courier</td>" in page
    assert 'aria-label="Edit Courier"' in page

    panel.post(f"{PAGE}{method.pk}/edit/", {**sent, "price": "950"})
    method.refresh_from_db()
    assert method.price == Decimal(950)
    panel.post(f"{PAGE}{method.pk}/delete/")
    assert not DeliveryMethod.objects.exists()


def test_what_is_wrong_is_said_on_the_page_and_nothing_typed_is_lost(panel):
    response = panel.post(PAGE, {"name": "Courier", "kind": "free_from", "price": "900"})

    page = response.content.decode()
    assert "Say from which amount on it is free" in page
    assert 'value="Courier"' in page
    assert not DeliveryMethod.objects.exists()
