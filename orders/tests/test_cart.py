"""The cart: it keeps what a person means to order, and says what could not be had."""

import pytest

from accounts.models import User
from billing.tests.test_ledger import at_once
from catalog import variants
from catalog.variants import Offer
from orders import carts
from orders.models import Cart, CartItem
from orders.quotes import Wish
from orders.tests.offers import day, limited, offered

CART = "/api/v1/cart"
ITEMS = "/api/v1/cart/items"


def rental(product, start=1, end=3, **told):
    days = {"rental_start_date": str(day(start)), "rental_end_date": str(day(end))}
    return {"product_id": product.pk, **days, **told}


def test_an_empty_cart_is_read_and_nothing_is_written(as_aigerim, aigerim):
    body = as_aigerim.get(CART).json()

    assert (body["id"], body["user_id"], body["items"]) == (0, aigerim.pk, [])
    assert (body["total_items"], body["total_price"]) == (0, 0)
    assert not Cart.objects.exists()


def test_older_clients_find_their_fields(cart, aigerim, atelier, dress_on_sale):
    body = cart(product_id=dress_on_sale.pk, quantity=2)

    [item] = body["items"]
    assert {"id", "cart_id", "product_id", "quantity", "added_at", "product", "subtotal"} <= {*item}
    assert (item["cart_id"], item["product_id"], item["quantity"]) == (
        body["id"],
        dress_on_sale.pk,
        2,
    )
    assert item["subtotal"] == 800
    about = item["product"]
    assert (about["name"], about["price"], about["is_active"]) == ("Silk dress", 400, True)
    assert (about["shop_id"], about["shop_name"]) == (atelier.pk, "Atelier")
    assert len(about["images"]) == 1
    assert (body["total_items"], body["total_price"], body["total_deposit"]) == (2, 800, 0)
    assert body["created_at"]
    assert body["updated_at"]


def test_the_same_again_becomes_more(cart, dress_on_sale, in_cart):
    cart(product_id=dress_on_sale.pk)
    cart(variant_id=dress_on_sale.variants.get().pk, quantity=2)

    assert in_cart() == [("Silk dress", 3)]


def test_another_size_and_another_period_are_lines_of_their_own(cart, atelier, gown):
    coat = offered(atelier, "Coat", 300, Offer(size="S"), Offer(size="M"))
    for variant in coat.variants.all():
        cart(variant_id=variant.pk)
    cart(product_id=gown.pk)
    cart(**rental(gown))
    body = cart(**rental(gown, 10, 12))

    lines = [(line["variant"]["size"], line["rental_start_date"]) for line in body["items"]]
    assert lines == [
        ("S", None),
        ("M", None),
        ("", None),
        ("", str(day(1))),
        ("", str(day(10))),
    ]


def test_a_rental_has_its_price_for_all_days_and_its_deposit(cart, gown):
    body = cart(**rental(gown, quantity=2))

    [line] = body["items"]
    assert (line["price"], line["subtotal"], line["deposit_amount"]) == (150, 300, 400)
    assert (body["total_price"], body["total_deposit"]) == (300, 400)


def test_a_product_without_a_variant_means_the_first_that_is_left(cart, atelier):
    coat = offered(atelier, "Coat", 300, Offer(size="S", stock=0), Offer(size="M", stock=1))

    assert cart(product_id=coat.pk)["items"][0]["variant"]["size"] == "M"


def test_a_line_is_changed_and_taken_out(as_aigerim, cart, gown, in_cart):
    [line] = cart(**rental(gown))["items"]
    address = f"{ITEMS}/{line['id']}"

    changed = as_aigerim.put(address, {"quantity": 2}).json()["items"][0]
    moved = as_aigerim.put(
        address, {"rental_start_date": str(day(5)), "rental_end_date": str(day(5))}
    ).json()["items"][0]

    assert (changed["quantity"], changed["rental_start_date"]) == (2, str(day(1)))
    assert (moved["quantity"], moved["rental_start_date"], moved["price"]) == (2, str(day(5)), 50)
    assert as_aigerim.delete(address).json()["items"] == []
    assert as_aigerim.delete(address).status_code == 404
    assert in_cart() == []


def test_a_line_is_not_moved_onto_another(as_aigerim, cart, gown):
    cart(**rental(gown))
    line = cart(**rental(gown, 10, 12))["items"][1]

    days = {"rental_start_date": str(day(1)), "rental_end_date": str(day(3))}
    response = as_aigerim.put(f"{ITEMS}/{line['id']}", days)

    assert (response.status_code, response.json()["code"]) == (409, "already_in_cart")


def test_everything_is_taken_out(as_aigerim, cart, dress_on_sale, in_cart):
    cart(product_id=dress_on_sale.pk)

    assert as_aigerim.delete(CART).json()["items"] == []
    assert in_cart() == []


def test_what_is_sold_out_stays_and_says_so(as_aigerim, cart, dress_on_sale):
    limited(dress_on_sale, 3)
    cart(product_id=dress_on_sale.pk, quantity=2)
    limited(dress_on_sale, 1)

    body = as_aigerim.get(CART).json()

    [problem] = body["items"][0]["problems"]
    assert (problem["code"], problem["available"]) == ("sold_out", 1)
    assert (body["total_items"], body["total_price"]) == (2, 0)


def test_what_is_taken_from_sale_stays_and_says_so(as_aigerim, cart, dress_on_sale):
    cart(product_id=dress_on_sale.pk)
    type(dress_on_sale).objects.update(is_active=False)

    [line] = as_aigerim.get(CART).json()["items"]

    assert [problem["code"] for problem in line["problems"]] == ["not_on_sale"]
    assert line["product"]["is_active"] is False
    assert line["subtotal"] == 400


def test_what_is_not_for_rent_any_more_stays_and_says_so(as_aigerim, cart, gown):
    cart(**rental(gown))
    variants.end_rental(gown)

    [line] = as_aigerim.get(CART).json()["items"]

    assert [problem["code"] for problem in line["problems"]] == ["not_for_rent"]
    assert (line["price"], line["deposit_amount"]) == (0, 0)


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({}, 422, "invalid"),
        ({"product_id": "product", "quantity": 0}, 422, "invalid"),
        ({"product_id": "product", "quantity": 101}, 422, "invalid"),
        ({"product_id": 2**52}, 409, "not_on_sale"),
        ({"variant_id": 2**52}, 409, "not_on_sale"),
        ({"product_id": "product", "rental_start_date": "2030-01-01"}, 422, "invalid"),
        (
            {
                "product_id": "product",
                "rental_start_date": "2030-01-02",
                "rental_end_date": "2030-01-01",
            },
            422,
            "invalid",
        ),
        (
            {
                "product_id": "product",
                "rental_start_date": "9999-12-31",
                "rental_end_date": "9999-12-31",
            },
            422,
            "bad_period",
        ),
    ],
)
def test_senseless_wishes_are_refused(as_aigerim, gown, in_cart, wish, status, code):
    sent = {name: gown.pk if said == "product" else said for name, said in wish.items()}

    response = as_aigerim.post(ITEMS, sent)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert in_cart() == []


def test_what_is_only_sold_is_not_rented(as_aigerim, dress_on_sale):
    response = as_aigerim.post(ITEMS, rental(dress_on_sale))

    assert (response.status_code, response.json()["code"]) == (409, "not_for_rent")


def test_more_than_a_hundred_pieces_or_lines_do_not_fit(as_aigerim, aigerim, cart, atelier, gown):
    cart(product_id=gown.pk, quantity=60)
    assert as_aigerim.post(ITEMS, {"product_id": gown.pk, "quantity": 41}).json()["code"] == (
        "too_many"
    )
    own = Cart.objects.get()
    shirts = [
        offered(atelier, f"Shirt {number}", 10, *[Offer(size=str(size)) for size in range(50)])
        for number in range(2)
    ]
    CartItem.objects.bulk_create(
        CartItem(cart=own, variant=variant)
        for shirt in shirts
        for variant in list(shirt.variants.all())[:49]
    )
    cart(variant_id=shirts[1].variants.last().pk)

    response = as_aigerim.post(ITEMS, {"variant_id": shirts[0].variants.last().pk})

    assert (response.status_code, response.json()["code"]) == (409, "cart_full")
    assert own.items.count() == 100


def test_a_strangers_line_is_not_found(as_timur, cart, dress_on_sale, in_cart):
    [line] = cart(product_id=dress_on_sale.pk)["items"]

    assert as_timur.put(f"{ITEMS}/{line['id']}", {"quantity": 9}).status_code == 404
    assert as_timur.delete(f"{ITEMS}/{line['id']}").status_code == 404
    assert in_cart() == [("Silk dress", 1)]


@pytest.mark.django_db(transaction=True)
def test_of_many_adds_at_once_one_line_comes(timur, dress_on_sale):
    wish = Wish(dress_on_sale.variants.get().pk)

    outcomes = at_once(8, lambda _: carts.add(User.objects.get(pk=timur.pk), wish))

    assert outcomes == ["NoneType"] * 8
    assert CartItem.objects.get().quantity == 8


def test_the_cart_takes_the_same_queries_for_one_line_and_for_three(
    as_aigerim, cart, atelier, gown, queries
):
    cart(**rental(gown))
    one = queries(lambda: as_aigerim.get(CART))
    cart(product_id=offered(atelier, "Coat", 300).pk)
    cart(**rental(gown, 10, 12))

    # The session, the cart, its lines, what is on sale of it, and who has the pieces for rent.
    assert queries(lambda: as_aigerim.get(CART)) == one == 5
