"""Sizes and colours of a product, its stock and its terms of rental: never before moderation."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import ProductVariant
from conftest import funded
from orders import carts
from orders.checkout import buy_from_balance
from orders.models import CartItem
from orders.quotes import Wish

TERMS = {
    "price_per_day": 50,
    "deposit": 200,
    "min_days": 2,
    "max_days": 10,
    "buffer_days": 0,
    "late_fee_per_day": 30,
}


@pytest.fixture
def address(dress_on_sale):
    return f"/api/v1/products/{dress_on_sale.pk}"


def labels(body):
    return [(each["size"], each["colour"], each["is_active"]) for each in body["variants"]]


def test_a_product_comes_in_one_variant_unless_told(anyone, address):
    body = anyone.get(address).json()

    [variant] = body["variants"]
    assert variant.pop("id")
    assert variant == {
        "size": "",
        "colour": "",
        "sku": "",
        "price": None,
        "stock": None,
        "available": None,
        "rental_units": 0,
        "is_active": True,
    }
    assert body["rental_terms"] is None


def test_variants_are_replaced_at_once_and_without_moderation(as_atelier, anyone, address):
    sent = [{"size": "S", "stock": 3}, {"size": "M", "colour": "red", "sku": "R-M", "price": 450}]

    response = as_atelier.put(f"{address}/variants", {"variants": sent})

    assert response.status_code == 200, response.content
    shown = anyone.get(address).json()
    assert labels(shown) == [("S", "", True), ("M", "red", True)]
    assert [each["price"] for each in shown["variants"]] == [None, 450]
    assert [each["available"] for each in shown["variants"]] == [3, None]
    assert (shown["moderation_status"], shown["is_active"]) == ("approved", True)


def test_a_variant_stays_the_same_row_while_its_size_and_colour_do(as_atelier, address):
    first = as_atelier.put(f"{address}/variants", {"variants": [{"size": "S"}]}).json()
    again = as_atelier.put(f"{address}/variants", {"variants": first["variants"]}).json()

    assert again["variants"] == first["variants"]


def test_a_variant_that_was_ordered_is_only_switched_off(
    as_atelier, address, aigerim, timur, dress_on_sale
):
    variant = dress_on_sale.variants.get()
    buy_from_balance(aigerim, dress_on_sale)
    carts.add(timur, Wish(variant.pk))

    body = as_atelier.put(f"{address}/variants", {"variants": [{"size": "M"}]}).json()

    assert labels(body) == [("", "", False), ("M", "", True)]
    assert carts.read(timur).entries[0].problem.code == "not_on_sale"


def test_a_variant_that_nobody_ordered_goes_from_carts_too(
    as_atelier, address, timur, dress_on_sale
):
    carts.add(timur, Wish(dress_on_sale.variants.get().pk))

    body = as_atelier.put(f"{address}/variants", {"variants": [{"size": "M"}]}).json()

    assert labels(body) == [("M", "", True)]
    assert not CartItem.objects.exists()


def test_the_stock_is_never_less_than_what_is_promised(as_atelier, address, aigerim, dress_on_sale):
    funded(aigerim, 1000)
    buy_from_balance(aigerim, dress_on_sale, quantity=2)

    response = as_atelier.put(f"{address}/variants", {"variants": [{"stock": 1}, {"size": "M"}]})

    assert (response.status_code, response.json()["code"]) == (409, "stock_promised")
    assert response.json()["detail"] == (
        "Orders were promised 2 of “Silk dress”: keep as many in stock."
    )
    assert ProductVariant.objects.count() == 1
    enough = as_atelier.put(f"{address}/variants", {"variants": [{"stock": 2}]}).json()
    assert [(each["stock"], each["available"]) for each in enough["variants"]] == [(2, 0)]


@pytest.mark.parametrize(
    ("variants", "code"),
    [
        ([], "invalid"),
        ([{"size": "S"}, {"size": "S"}], "bad_variants"),
        ([{"size": "S"}, {"size": " S "}], "bad_variants"),
        ([{"size": "x" * 21}], "invalid"),
        ([{"stock": -1}], "invalid"),
        ([{"stock": 100_001}], "invalid"),
        ([{"price": 0}], "invalid"),
        ([{"rental_units": 101}], "invalid"),
        ([{"reserved": 0}], "invalid"),
        ([{"size": str(number)} for number in range(51)], "invalid"),
        ("S", "invalid"),
    ],
)
def test_senseless_variants_are_refused(as_atelier, address, variants, code):
    response = as_atelier.put(f"{address}/variants", {"variants": variants})

    assert (response.status_code, response.json()["code"]) == (422, code)
    assert ProductVariant.objects.get().size == ""


def test_terms_of_rental_are_set_and_ended(as_atelier, anyone, address):
    assert as_atelier.put(f"{address}/rental-terms", TERMS).json()["rental_terms"] == TERMS
    shorter = as_atelier.put(f"{address}/rental-terms", {"price_per_day": 60}).json()
    assert shorter["rental_terms"] == {
        "price_per_day": 60,
        "deposit": 0,
        "min_days": 1,
        "max_days": 14,
        "buffer_days": 1,
        "late_fee_per_day": 0,
    }
    assert anyone.get(address).json()["moderation_status"] == "approved"

    assert as_atelier.delete(f"{address}/rental-terms").json()["rental_terms"] is None
    assert anyone.get(address).json()["rental_terms"] is None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"min_days": 5, "max_days": 4}, "bad_rental_terms"),
        ({"price_per_day": 0}, "invalid"),
        ({"max_days": 61}, "invalid"),
        ({"buffer_days": 15}, "invalid"),
        ({"deposit": -1}, "invalid"),
    ],
)
def test_senseless_terms_are_refused(as_atelier, anyone, address, said, code):
    response = as_atelier.put(f"{address}/rental-terms", {**TERMS, **said})

    assert (response.status_code, response.json()["code"]) == (422, code)
    assert anyone.get(address).json()["rental_terms"] is None


@pytest.mark.parametrize("form", ["json", "multipart"])
def test_a_new_product_is_sent_with_all_of_it(as_atelier, picture, form):
    variants = [{"size": "S", "stock": 1}, {"size": "M", "rental_units": 2}]
    sent = {"name": "Coat", "price": 900, "variants": variants, "rental_terms": TERMS}
    if form == "multipart":
        sent |= {name: json.dumps(sent[name]) for name in ("variants", "rental_terms")}
        sent["images"] = [SimpleUploadedFile("1.jpg", picture)]

    response = as_atelier.post("/api/v1/products", sent, format=form)

    assert response.status_code == 201, response.content
    assert labels(response.json()) == [("S", "", True), ("M", "", True)]
    assert response.json()["rental_terms"] == TERMS


def test_what_was_read_can_be_sent_back(as_atelier, anyone, address):
    as_atelier.put(f"{address}/rental-terms", TERMS)
    body = anyone.get(address).json()
    offered = {name: body[name] for name in ("price", "variants", "rental_terms")}

    same = as_atelier.put(address, offered).json()
    ended = as_atelier.put(address, {"rental_terms": None}).json()

    assert {name: same[name] for name in offered} == offered
    assert (ended["rental_terms"], ended["moderation_status"]) == (None, "approved")


def test_text_that_is_no_json_is_named(as_atelier):
    sent = {"name": "Coat", "price": 900, "variants": "[", "rental_terms": '{"price_per_day": 0}'}

    response = as_atelier.post("/api/v1/products", sent, format="multipart")

    assert response.status_code == 422
    pointers = {error["pointer"] for error in response.json()["errors"]}
    assert pointers == {"/variants", "/rental_terms/price_per_day"}


def test_another_shop_finds_nothing(as_bazaar, address):
    assert as_bazaar.put(f"{address}/variants", {"variants": [{}]}).status_code == 404
    assert as_bazaar.put(f"{address}/rental-terms", TERMS).status_code == 404
    assert as_bazaar.delete(f"{address}/rental-terms").status_code == 404
