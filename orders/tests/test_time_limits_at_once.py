"""Two sweeps at once, and a sweep beside a person: each step is taken once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing.tests.test_ledger import at_once
from conftest import funded
from orders import fulfilment
from orders.checkout import buy_from_balance
from orders.models import Order
from orders.models.kinds import Actor
from orders.saying import Said
from orders.tests.steps import take
from orders.transitions import Event

DELIVERED = (Event.ACCEPT, Event.SHIP, Event.DELIVER)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def due(timur, dress_on_sale):
    """Delivered orders of 400 ₸ each, which their buyer is about to have kept for three days."""

    def orders(count):
        funded(timur, Decimal(400) * count)
        made = [take(buy_from_balance(timur, dress_on_sale), *DELIVERED) for _ in range(count)]
        past = timezone.now() - timedelta(days=3)
        Order.objects.update(delivered_at=past, next_due_at=past)
        return made

    return orders


def steps_after(order, event):
    names = list(order.events.values_list("event", flat=True))
    return names[names.index(event) + 1 :]


def test_of_many_sweeps_one_takes_each_step(due):
    orders = due(4)

    taken = []
    outcomes = at_once(6, lambda _: taken.append(fulfilment.take_due_steps()))

    assert outcomes == ["NoneType"] * 6
    assert sum(taken) == 4
    assert [steps_after(order, "deliver") for order in orders] == [["receive"]] * 4


def test_of_a_sweep_and_a_buyer_one_wins(due, timur):
    orders = due(6)

    def act(number):
        if number % 2:
            return fulfilment.take_due_steps()
        order = orders[number // 2]
        return fulfilment.act(order, Event.REQUEST_RETURN, Actor.USER, Said(reason="Too small"))

    outcomes = at_once(12, act)

    assert set(outcomes) <= {"int", "Order", "TransitionNotAllowed"}
    steps = [steps_after(order, "deliver") for order in orders]
    assert all(step in (["receive"], ["request_return"]) for step in steps)
    assert outcomes.count("Order") == steps.count(["request_return"])
    timur.refresh_from_db()
    assert timur.balance == 0
