"""The checkout: the cart becomes orders that are paid, at the price that was shown, or nothing."""

from decimal import Decimal

import pytest

from billing.models import Payment
from billing.tests.sandbox_payer import absent_freedompay, decide
from conftest import funded
from orders.delivery import addresses, methods
from orders.models import Checkout, Order
from orders.tests.offers import day, limited, offered

CHECKOUT = "/api/v1/checkout"
HOME = {"recipient": "Aigerim", "phone": "+77012345678", "city": "Almaty", "street": "Abai 1"}


@pytest.fixture
def buy(as_aigerim):
    def order(total, **told):
        return as_aigerim.post(CHECKOUT, {"payment": "balance", "expected_total": total, **told})

    return order


def balance_of(user):
    user.refresh_from_db()
    return user.balance


def rented(product, start=1, end=3):
    days = {"rental_start_date": str(day(start)), "rental_end_date": str(day(end))}
    return {"product_id": product.pk, **days}


def test_a_mixed_cart_becomes_an_order_for_each_parcel(
    buy, cart, in_cart, aigerim, as_aigerim, bazaar, dress_on_sale, gown
):
    cart(product_id=dress_on_sale.pk)
    cart(product_id=offered(bazaar, "Hat", 100).pk)
    cart(**rented(gown))

    response = buy(850)

    assert response.status_code == 201, response.content
    body = response.json()
    orders = [
        (order["shop_name"], order["order_type"], order["stage"], order["total_amount"])
        for order in body["orders"]
    ]
    assert orders == [
        ("Atelier", "purchase", "paid", 400),
        ("Bazaar", "purchase", "paid", 100),
        ("Atelier", "rental", "booked", 150),
    ]
    assert (body["checkout"]["to_pay"], body["payment"]) == (850, None)
    assert {order["checkout_id"] for order in body["orders"]} == {body["checkout"]["id"]}
    assert balance_of(aigerim) == 150
    assert in_cart() == []
    assert as_aigerim.get(f"/api/v1/checkouts/{body['checkout']['id']}").json() == body


def test_a_checkout_of_somebody_else_is_not_found(buy, cart, as_timur, dress_on_sale):
    cart(product_id=dress_on_sale.pk)
    made = buy(400).json()["checkout"]

    assert as_timur.get(f"/api/v1/checkouts/{made['id']}").status_code == 404


def test_another_price_is_refused_with_the_new_one(buy, cart, in_cart, aigerim, dress_on_sale):
    cart(product_id=dress_on_sale.pk)
    type(dress_on_sale).objects.update(price=450)

    response = buy(400)

    assert (response.status_code, response.json()["code"]) == (409, "price_changed")
    assert response.json()["quote"]["to_pay"] == 450
    assert (balance_of(aigerim), in_cart()) == (1000, [("Silk dress", 1)])
    assert not Order.objects.exists()
    assert buy(450).status_code == 201


def test_what_is_sold_out_is_refused_with_what_is_left(
    buy, cart, in_cart, aigerim, dress_on_sale, gown
):
    limited(dress_on_sale, 2)
    cart(product_id=dress_on_sale.pk, quantity=2)
    cart(product_id=gown.pk)
    limited(dress_on_sale, 1)

    response = buy(1700)

    body = response.json()
    assert (response.status_code, body["code"]) == (409, "sold_out")
    assert [(each["code"], each["available"]) for each in body["quote"]["problems"]] == [
        ("sold_out", 1)
    ]
    assert body["quote"]["to_pay"] == 900
    assert (balance_of(aigerim), len(in_cart())) == (1000, 2)
    assert not Checkout.objects.exists()


def test_days_that_are_taken_are_refused(buy, aigerim, gown, timur):
    funded(aigerim, Decimal(5000))
    assert buy(700, items=[{**rented(gown), "quantity": 2}]).status_code == 201

    response = buy(350, items=[rented(gown, 4, 6)])

    assert (response.status_code, response.json()["code"]) == (409, "dates_taken")
    assert buy(350, items=[rented(gown, 5, 7)]).status_code == 201


def test_without_the_money_nothing_has_happened(buy, cart, in_cart, aigerim, gown, published):
    cart(product_id=gown.pk)
    cart(**rented(gown))

    with published() as events:
        response = buy(1250)

    assert (response.status_code, response.json()["code"]) == (402, "insufficient_funds")
    assert (balance_of(aigerim), len(in_cart()), events) == (1000, 2, [])
    assert not Order.objects.exists()
    assert gown.variants.get().reserved == 0


def test_an_empty_cart_orders_nothing(buy):
    response = buy(0)

    assert (response.status_code, response.json()["code"]) == (422, "nothing_to_order")


def test_a_second_click_orders_nothing_more(buy, cart, aigerim, dress_on_sale):
    cart(product_id=dress_on_sale.pk)

    assert [buy(400).status_code, buy(400).status_code] == [201, 422]
    assert balance_of(aigerim) == 600


def test_items_are_ordered_beside_the_cart_and_leave_it(buy, cart, in_cart, bazaar, dress_on_sale):
    cart(product_id=dress_on_sale.pk, quantity=3)
    hat = offered(bazaar, "Hat", 100)
    cart(product_id=hat.pk)

    response = buy(
        500, items=[{"product_id": dress_on_sale.pk}, {"product_id": hat.pk, "quantity": 1}]
    )

    assert response.status_code == 201
    assert in_cart() == [("Silk dress", 2)]


def test_delivery_is_paid_and_brought_to_the_address(buy, cart, aigerim, atelier, dress_on_sale):
    courier = methods.add(atelier, kind="flat", name="Courier", price=Decimal(70))
    home = addresses.add(aigerim, **HOME)
    cart(product_id=dress_on_sale.pk)
    chosen = {"delivery": {str(atelier.pk): courier.pk}}

    assert buy(470, **chosen).json()["code"] == "address_needed"
    [order] = buy(470, **chosen, address_id=home.pk).json()["orders"]

    assert (order["delivery_name"], order["delivery_amount"]) == ("Courier", 70)
    assert order["delivery_address"] == "Aigerim, +77012345678, Almaty, Abai 1"
    assert balance_of(aigerim) == 530


def test_a_shop_that_says_how_it_delivers_is_told_which_way(
    buy, cart, aigerim, atelier, dress_on_sale
):
    pickup = methods.add(atelier, kind="pickup", name="Here")
    cart(product_id=dress_on_sale.pk)

    refused = buy(400)

    assert (refused.status_code, refused.json()["code"]) == (422, "delivery_needed")
    assert (balance_of(aigerim), Order.objects.count()) == (1000, 0)
    assert buy(400, delivery={str(atelier.pk): pickup.pk}).status_code == 201


def test_without_a_gateway_nothing_is_ordered(as_aigerim, cart, in_cart, aigerim, gown, settings):
    settings.PAYMENT_GATEWAYS = []
    cart(product_id=gown.pk)

    response = as_aigerim.post(CHECKOUT, {"payment": "gateway", "expected_total": 900})

    assert (response.status_code, response.json()["code"]) == (503, "no_gateway")
    assert (balance_of(aigerim), in_cart()) == (1000, [("Gown", 1)])
    assert not Order.objects.exists()


def test_a_gateway_that_does_not_answer_leaves_the_cart_as_it_was(
    as_aigerim, cart, in_cart, aigerim, gown, settings
):
    absent_freedompay(settings)
    cart(product_id=gown.pk)

    response = as_aigerim.post(CHECKOUT, {"payment": "gateway", "expected_total": 900})

    assert (response.status_code, response.json()["code"]) == (503, "gateway_unavailable")
    assert (balance_of(aigerim), in_cart()) == (1000, [("Gown", 1)])
    assert not Order.objects.open().exists()
    assert gown.variants.get().reserved == 0


def test_the_balance_pays_first_and_a_gateway_the_rest(as_timur, timur, gown):
    funded(timur, Decimal(300))
    body = {"payment": "balance_and_gateway", "expected_total": 900}
    body["items"] = [{"product_id": gown.pk}]

    response = as_timur.post(CHECKOUT, body, HTTP_IDEMPOTENCY_KEY="one")
    again = as_timur.post(CHECKOUT, body, HTTP_IDEMPOTENCY_KEY="one")

    placed = response.json()
    assert (response.status_code, placed["orders"][0]["stage"]) == (201, "awaiting_payment")
    assert (placed["payment"]["amount"], placed["payment"]["status"]) == (600, "pending")
    assert (again.json(), again["Idempotency-Replayed"]) == (placed, "true")
    decide(Payment.objects.get(), "pay")
    assert (balance_of(timur), Order.objects.get().stage) == (0, "paid")
    shown = as_timur.get(f"/api/v1/checkouts/{placed['checkout']['id']}").json()
    assert shown["payment"]["status"] == "succeeded"


@pytest.mark.parametrize(
    "said", [{"payment": "cash"}, {"expected_total": -1}, {"expected_total": None}]
)
def test_a_senseless_checkout_is_refused(buy, cart, in_cart, dress_on_sale, said):
    cart(product_id=dress_on_sale.pk)

    assert buy(**{"total": 400, **said}).status_code == 422
    assert in_cart() == [("Silk dress", 1)]


def test_older_clients_order_their_cart(as_aigerim, cart, in_cart, aigerim, bazaar, dress_on_sale):
    cart(product_id=dress_on_sale.pk)
    cart(product_id=offered(bazaar, "Hat", 100).pk)

    response = as_aigerim.post("/api/v1/orders/create-from-cart", {"payment_method": "balance"})

    first, second = Order.objects.order_by("pk")
    body = response.json()
    assert response.status_code == 201
    assert body.pop("message")
    assert body == {
        "order_id": first.pk,
        "order_number": first.order_number,
        "order_ids": [first.pk, second.pk],
        "checkout_id": first.checkout_id,
        "amount": 500,
        "payment_method": "balance",
        "status": "completed",
        "new_balance": 500,
    }
    assert in_cart() == []


def test_older_clients_are_told_what_fails(as_aigerim, cart, in_cart, gown, settings):
    cart(product_id=gown.pk)
    cart(**rented(gown))
    address = "/api/v1/orders/create-from-cart"

    poor = as_aigerim.post(address, {"payment_method": "balance"})
    settings.PAYMENT_GATEWAYS = []
    nowhere = as_aigerim.post(address, {"payment_method": "paypal"})

    assert (poor.status_code, poor.json()["code"]) == (402, "insufficient_funds")
    assert (nowhere.status_code, nowhere.json()["code"]) == (503, "no_gateway")
    assert len(in_cart()) == 2


def test_older_clients_pay_with_whichever_gateway_there_is(as_aigerim, cart, in_cart, gown):
    cart(product_id=gown.pk)

    response = as_aigerim.post("/api/v1/orders/create-from-cart", {"payment_method": "paypal"})

    body = response.json()
    assert (response.status_code, body["status"], body["amount"]) == (201, "pending", 900)
    assert body["approval_url"] == Payment.objects.get().pay_page
    assert in_cart() == []


def test_a_product_is_bought_in_a_size_or_rented_at_once(as_aigerim, gown):
    address = f"/api/v1/products/{gown.pk}/purchase"
    days = rented(gown)
    del days["product_id"]

    hired = as_aigerim.post(address, days)
    bought = as_aigerim.post(address, {"variant_id": gown.variants.get().pk})

    assert (hired.status_code, hired.json()["stage"]) == (201, "booked")
    assert (hired.json()["total_amount"], hired.json()["deposit_amount"]) == (150, 200)
    assert (bought.status_code, bought.json()["code"]) == (402, "insufficient_funds")


def test_a_variant_is_bought_at_its_own_product(as_aigerim, gown, dress_on_sale):
    address = f"/api/v1/products/{gown.pk}/purchase"

    response = as_aigerim.post(address, {"variant_id": dress_on_sale.variants.get().pk})

    assert (response.status_code, response.json()["code"]) == (409, "not_on_sale")
    assert not Order.objects.exists()


def test_older_clients_read_their_orders_in_pages(buy, cart, as_aigerim, dress_on_sale):
    cart(product_id=dress_on_sale.pk)
    buy(400)

    body = as_aigerim.get("/api/v1/orders?skip=0&limit=10").json()

    assert [order["product_name"] for order in body["orders"]] == ["Silk dress"]
    assert (body["total"], body["page"], body["page_size"]) == (1, 1, 10)


def test_lines_cost_no_queries_and_orders_do(
    buy, cart, aigerim, atelier, bazaar, dress_on_sale, queries
):
    funded(aigerim, Decimal(5000))
    others = [offered(atelier, name, 300) for name in ("Coat", "Skirt")]
    hat = offered(bazaar, "Hat", 100)
    cart(product_id=dress_on_sale.pk)
    one = queries(lambda: buy(400), 201)

    for product in (dress_on_sale, *others):
        cart(product_id=product.pk)
    three = queries(lambda: buy(1000), 201)
    for product in (dress_on_sale, hat):
        cart(product_id=product.pk)
    two_orders = queries(lambda: buy(500), 201)

    assert (one, three, two_orders) == (38, 38, 57)
