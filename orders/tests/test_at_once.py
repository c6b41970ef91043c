"""Buyers and a shop at once: no deadlock, no tenge twice."""

import threading
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction

from billing.tests.test_ledger import at_once
from catalog import moderation
from catalog.models import Product
from catalog.products import create_product
from conftest import funded, signed_in
from orders import analytics, fulfilment
from orders import checkout as checkouts
from orders.checkout import buy_from_balance
from orders.models import Order
from orders.models.kinds import Actor
from orders.quotes import Wish
from orders.tests.steps import take
from orders.transitions import Event

SHIPPED = (Event.ACCEPT, Event.SHIP)
pytestmark = pytest.mark.django_db(transaction=True)


def test_buying_and_receiving_at_once_never_block_each_other(timur, atelier, dress_on_sale):
    funded(timur, Decimal(100_000))
    orders = [take(buy_from_balance(timur, dress_on_sale), *SHIPPED) for _ in range(8)]

    def act(number):
        if number < len(orders):
            return fulfilment.act(orders[number], Event.RECEIVE, Actor.USER)
        return buy_from_balance(timur, dress_on_sale)

    outcomes = at_once(16, act)

    assert outcomes == ["Order"] * 16
    assert analytics.pending_of(atelier) == Decimal(2880)


def test_of_cancelling_and_shipping_at_once_one_wins(timur, atelier, dress_on_sale):
    funded(timur, Decimal(400))
    order = take(buy_from_balance(timur, dress_on_sale), Event.ACCEPT)

    def act(number):
        return fulfilment.act(order, Event.SHIP if number % 2 else Event.CANCEL, Actor.SHOP)

    outcomes = at_once(8, act)

    assert outcomes.count("Order") == 1
    assert outcomes.count("TransitionNotAllowed") == 7
    order.refresh_from_db()
    timur.refresh_from_db()
    assert (order.stage, timur.balance) in {("shipped", 0), ("cancelled", Decimal(400))}


def test_of_many_purchases_only_those_with_money_pass(timur, dress_on_sale):
    funded(timur, Decimal(1200))

    outcomes = at_once(15, lambda _: buy_from_balance(timur, dress_on_sale))

    assert outcomes.count("Order") == Order.objects.count() == 3
    assert outcomes.count("InsufficientFunds") == 12


def test_a_lock_that_is_not_had_in_time_is_an_honest_503(timur, dress_on_sale):
    client = signed_in(timur)
    held, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            list(Product.objects.select_for_update().filter(pk=dress_on_sale.pk))
            held.set()
            done.wait(10)
        connections.close_all()

    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1s'")
    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    try:
        response = client.post(f"/api/v1/products/{dress_on_sale.pk}/purchase", {})
    finally:
        done.set()
        holder.join()
        connection.close()

    assert (response.status_code, response.json()["code"]) == (503, "busy")
    assert response["Retry-After"] == "2"
    assert not Order.objects.exists()


def test_a_very_large_purchase_asks_for_its_money(timur, dress_on_sale):
    dress_on_sale.price = Decimal(100_000_000)
    dress_on_sale.save(update_fields=["price"])

    [outcome] = at_once(1, lambda _: buy_from_balance(timur, dress_on_sale, quantity=100))

    assert outcome == "InsufficientFunds"


def test_paying_and_buying_several_orders_at_once_never_block_each_other(timur, pair):
    """The second order's goods are locked before the buyer's account, not after."""
    funded(timur, Decimal(100_000))
    wishes = [Wish(variant.pk) for variant in pair]
    placed = [checkouts.place(timur, wishes) for _ in range(6)]

    def act(number):
        if number < len(placed):
            return checkouts.pay_from_balance(placed[number])
        with transaction.atomic():
            return checkouts.pay_from_balance(checkouts.place(timur, wishes[1:]))

    assert at_once(12, act) == ["list"] * 12


@pytest.fixture
def pair(atelier, bazaar, dresses, admin, picture):
    """The variants of two shops' dresses: an order each."""
    made = [
        create_product(shop, name="Dress", price=Decimal(10), category=dresses, images=[picture])
        for shop in (atelier, bazaar)
    ]
    for product in made:
        moderation.approve(product, by=admin)
    return [product.variants.get() for product in made]
