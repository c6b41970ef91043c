"""Buying a product from the balance: the money waits in escrow until the shop hands over."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import Transaction
from orders.models import Order


@pytest.fixture
def buy(as_aigerim, dress_on_sale):
    def buy_it(**body):
        return as_aigerim.post(f"/api/v1/products/{dress_on_sale.pk}/purchase", body)

    return buy_it


def escrow():
    legs = Transaction.objects.filter(system_account="escrow")
    return sum((leg.amount for leg in legs), Decimal(0))


def test_the_money_goes_into_escrow_and_both_sides_hear(buy, aigerim, atelier, published):
    with published() as events:
        response = buy()

    assert response.status_code == 201
    body = response.json()
    assert (body["status"], body["total_amount"], body["quantity"]) == ("confirmed", 400, 1)
    assert body["items"][0]["price_at_purchase"] == 400
    assert body["order_number"].startswith("ORD-")
    aigerim.refresh_from_db()
    atelier.refresh_from_db()
    assert (aigerim.balance, atelier.balance, escrow()) == (Decimal(600), 0, Decimal(400))
    heard = [(audience, kind) for audience, kind, _ in events if kind != "balance_updated"]
    assert heard == [
        (f"shop:{atelier.pk}", "order_created"),
        (f"user:{aigerim.pk}", "order_created"),
    ]


def test_receiving_earns_the_shop_its_price_less_the_commission(
    buy, as_atelier, as_aigerim, aigerim, atelier, published
):
    order = buy().json()
    for action in ("accept", "ship", "deliver"):
        as_atelier.post(f"/api/v1/shops/me/orders/{order['id']}/{action}")

    with published() as events:
        response = as_aigerim.post(f"/api/v1/orders/{order['id']}/receive")

    assert (response.json()["status"], response.json()["stage"]) == ("completed", "completed")
    assert [step["action"] for step in response.json()["next_actions"]] == ["request_return_late"]
    atelier.refresh_from_db()
    assert (atelier.balance, escrow()) == (0, 0)
    assert (f"shop:{atelier.pk}", "order_updated") in [event[:2] for event in events]
    numbers = as_atelier.get("/api/v1/shops/me/analytics").json()
    assert (numbers["total_purchases"], numbers["total_revenue"]) == (1, 360)
    assert numbers["pending_revenue"] == 360


@pytest.mark.parametrize("side", ["user", "shop"])
def test_cancelling_gives_the_money_back(buy, as_aigerim, as_atelier, aigerim, side):
    order = buy().json()
    client, prefix = (as_aigerim, "") if side == "user" else (as_atelier, "shops/me/")

    response = client.post(f"/api/v1/{prefix}orders/{order['id']}/cancel")

    assert response.json()["status"] == "cancelled"
    aigerim.refresh_from_db()
    assert (aigerim.balance, escrow()) == (Decimal(1000), 0)


def test_a_finished_order_allows_nothing_more(buy, as_atelier, aigerim):
    order = buy().json()
    address = f"/api/v1/shops/me/orders/{order['id']}"
    as_atelier.post(f"{address}/cancel")

    again = as_atelier.post(f"{address}/cancel")
    accepted = as_atelier.post(f"{address}/accept")

    assert (again.status_code, again.json()["code"]) == (409, "transition_not_allowed")
    assert accepted.json()["allowed"] == []
    aigerim.refresh_from_db()
    assert aigerim.balance == Decimal(1000)


def test_a_buyer_does_not_ship_an_order(buy, as_aigerim):
    order = buy().json()

    response = as_aigerim.post(f"/api/v1/orders/{order['id']}/accept")

    assert (response.status_code, response.json()["allowed"]) == (409, ["cancel"])
    [step] = order["next_actions"]
    assert (step["action"], step["until"], step["needs"]) == ("cancel", None, [])
    assert step["effect"] == "Everything is paid back to the balance."


def test_nothing_happens_without_the_money(buy, published):
    with published() as events:
        response = buy(quantity=3)

    assert (response.status_code, response.json()["code"]) == (402, "insufficient_funds")
    assert not Order.objects.exists()
    assert events == []


def test_a_product_that_is_not_on_sale_is_not_found(as_aigerim, dress):
    response = as_aigerim.post(f"/api/v1/products/{dress.pk}/purchase", {})

    assert response.status_code == 404
    assert not Order.objects.exists()


@pytest.mark.parametrize("quantity", [0, -1, 101, "x"])
def test_a_senseless_quantity_is_refused(buy, quantity):
    assert buy(quantity=quantity).status_code == 422


def test_strangers_find_no_order(buy, as_timur, as_bazaar):
    order = buy().json()

    assert as_timur.get(f"/api/v1/orders/{order['id']}").status_code == 404
    assert as_timur.post(f"/api/v1/orders/{order['id']}/cancel").status_code == 404
    assert as_bazaar.post(f"/api/v1/shops/me/orders/{order['id']}/accept").status_code == 404


def test_an_unknown_step_is_not_found(buy, as_aigerim):
    order = buy().json()

    assert as_aigerim.post(f"/api/v1/orders/{order['id']}/steal").status_code == 404


def test_a_product_with_orders_leaves_the_catalogue_and_stays_in_the_order(
    buy, as_atelier, as_aigerim, anyone, dress_on_sale
):
    order = buy().json()

    assert as_atelier.delete(f"/api/v1/products/{dress_on_sale.pk}").status_code == 200

    assert anyone.get(f"/api/v1/products/{dress_on_sale.pk}").status_code == 404
    assert as_aigerim.get(f"/api/v1/orders/{order['id']}").json()["product_name"] == "Silk dress"


def test_lists_take_the_same_queries_for_one_row_and_for_three(buy, as_aigerim, as_atelier):
    def queries(client, address):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    buy()
    lists = (as_aigerim, "/api/v1/users/me/orders"), (as_atelier, "/api/v1/shops/me/orders")
    one = [queries(*some) for some in lists]
    buy()
    buy(quantity=1)

    assert [queries(*some) for some in lists] == one == [3, 3]
