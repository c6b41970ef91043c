"""Buyers and a shop at once: no deadlock, no tenge twice."""

import threading
from decimal import Decimal

import pytest
from django.db import connections, transaction

from billing.tests.test_ledger import at_once
from catalog.models import Product
from conftest import funded, signed_in
from orders import fulfilment
from orders.checkout import buy_from_balance
from orders.models import Order
from orders.transitions import Action, Actor

pytestmark = pytest.mark.django_db(transaction=True)


def test_buying_and_completing_at_once_never_block_each_other(timur, atelier, dress_on_sale):
    funded(timur, Decimal(100_000))
    orders = [buy_from_balance(timur, dress_on_sale) for _ in range(8)]

    def act(number):
        if number < len(orders):
            return fulfilment.act(orders[number], Action.COMPLETE, Actor.SHOP)
        return buy_from_balance(timur, dress_on_sale)

    outcomes = at_once(16, act)

    assert outcomes == ["Order"] * 16
    atelier.refresh_from_db()
    assert atelier.balance == Decimal(3200)


def test_of_cancelling_and_completing_at_once_one_wins(timur, atelier, dress_on_sale):
    funded(timur, Decimal(400))
    order = buy_from_balance(timur, dress_on_sale)

    def act(number):
        action = Action.COMPLETE if number % 2 else Action.CANCEL
        return fulfilment.act(order, action, Actor.SHOP)

    outcomes = at_once(8, act)

    assert outcomes.count("Order") == 1
    assert outcomes.count("TransitionNotAllowed") == 7
    timur.refresh_from_db()
    atelier.refresh_from_db()
    assert timur.balance + atelier.balance == Decimal(400)


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

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    try:
        response = client.post(f"/api/v1/products/{dress_on_sale.pk}/purchase", {})
    finally:
        done.set()
        holder.join()

    assert (response.status_code, response.json()["code"]) == (503, "busy")
    assert response["Retry-After"] == "2"
    assert not Order.objects.exists()


def test_a_very_large_purchase_asks_for_its_money(timur, dress_on_sale):
    dress_on_sale.price = Decimal(100_000_000)
    dress_on_sale.save(update_fields=["price"])

    [outcome] = at_once(1, lambda _: buy_from_balance(timur, dress_on_sale, quantity=100))

    assert outcome == "InsufficientFunds"
