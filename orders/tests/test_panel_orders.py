from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import funded
from orders.checkout import buy_from_balance
from orders.tests.steps import completed, settled
from shops.tests.owners import browser_of_shop

ORDERS = "/panel/orders/"


@pytest.fixture
def order(aigerim, dress_on_sale):
    return buy_from_balance(aigerim, dress_on_sale, quantity=2)


@pytest.fixture
def panel(atelier):
    return browser_of_shop(atelier)


def test_the_list_shows_buyer_lines_money_and_steps(panel, order):
    page = panel.get(ORDERS).content.decode()

    assert order.order_number in page
    assert "Aigerim" in page
    assert "Silk dress" in page
    assert "2 × 400 ₸" in page
    assert "800 ₸" in page
    assert f'action="/panel/orders/{order.pk}/accept/"' in page
    assert f'href="/panel/orders/{order.pk}/"' in page


@pytest.mark.parametrize("action", ["cancel", "pay"])
def test_what_cannot_be_undone_is_not_one_click_away(panel, order, action):
    page = panel.get(ORDERS).content.decode()

    assert f'action="/panel/orders/{order.pk}/{action}/"' not in page


def test_a_button_takes_its_step(panel, order):
    response = panel.post(f"{ORDERS}{order.pk}/accept/", follow=True)

    assert response.redirect_chain == [(f"{ORDERS}{order.pk}/", 302)]
    assert f"Order {order.order_number}: Being prepared." in response.content.decode()
    order.refresh_from_db()
    assert (order.status, order.stage) == ("confirmed", "processing")


def test_cancelling_gives_the_money_back(panel, order, aigerim):
    panel.post(f"{ORDERS}{order.pk}/cancel/")

    order.refresh_from_db()
    aigerim.refresh_from_db()
    assert order.status == "cancelled"
    assert aigerim.balance == 1000


def test_a_step_that_is_not_allowed_is_explained(panel, order):
    completed(order)

    response = panel.post(f"{ORDERS}{order.pk}/cancel/", follow=True)

    assert "This order does not allow that now." in response.content.decode()
    order.refresh_from_db()
    assert order.status == "completed"


def test_a_step_needs_a_button(panel, order):
    assert panel.get(f"{ORDERS}{order.pk}/accept/").status_code == 405
    assert panel.post(f"{ORDERS}{order.pk}/burn/").status_code == 404


def test_an_order_to_another_shop_is_not_found(bazaar, order):
    stranger = browser_of_shop(bazaar)

    response = stranger.post(f"{ORDERS}{order.pk}/accept/")

    assert response.status_code == 404
    assert order.order_number not in stranger.get(ORDERS).content.decode()
    order.refresh_from_db()
    assert order.status == "confirmed"


def test_the_list_is_narrowed_to_one_status(panel, aigerim, dress_on_sale, order):
    funded(aigerim, Decimal(400))
    other = buy_from_balance(aigerim, dress_on_sale)
    completed(other)

    response = panel.get(ORDERS, {"status": "confirmed"})

    assert [shown["order"] for shown in response.context["orders"]] == [order]


@pytest.mark.parametrize("address", [ORDERS, "/panel/", "/panel/balance/"])
def test_a_list_takes_the_same_queries_for_one_and_three(
    panel, aigerim, dress_on_sale, order, address
):
    funded(aigerim, Decimal(2000))
    done = buy_from_balance(aigerim, dress_on_sale)
    completed(done)
    panel.get(address)
    with CaptureQueriesContext(connection) as for_one:
        panel.get(address)
    for _ in range(2):
        buy_from_balance(aigerim, dress_on_sale)
    last = buy_from_balance(aigerim, dress_on_sale)
    completed(last)

    with CaptureQueriesContext(connection) as for_more:
        panel.get(address)

    assert len(for_more) == len(for_one)


def test_the_overview_counts_and_shows_what_waits(panel, order, atelier):
    response = panel.get("/panel/")

    assert response.context["numbers"]["total_purchases"] == 2
    assert response.context["numbers"]["total_revenue"] == 0
    assert [shown["order"] for shown in response.context["orders"]] == [order]

    completed(order)
    response = panel.get("/panel/")
    assert response.context["numbers"]["total_revenue"] == 720
    assert response.context["orders"] == []


def test_the_balance_is_explained_by_its_lines(panel, order):
    settled(completed(order))

    page = panel.get("/panel/balance/").content.decode()

    assert "Earnings released" in page
    assert order.order_number in page
    assert "+720 ₸" in page
