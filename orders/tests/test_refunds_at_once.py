"""Two administrators, or an administrator and a shop, decide about the same money at once."""

from decimal import Decimal

import pytest

from billing.tests.test_ledger import at_once
from conftest import funded
from orders import fulfilment, refunds
from orders.checkout import buy_from_balance
from orders.models.kinds import Actor
from orders.saying import Said
from orders.tests.steps import take
from orders.transitions import Event

TORN = Said(reason="It is torn")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bought(timur, dress_on_sale):
    """Timur's order of the dress for all of his 400 ₸."""
    return buy_from_balance(funded(timur, Decimal(400)), dress_on_sale)


def test_of_opposite_decisions_one_counts(bought, timur):
    order = take(bought, Event.ACCEPT, Event.SHIP, Event.DISPUTE, said=TORN)
    asked = order.events.last()

    outcomes = at_once(8, lambda n: refunds.settle(asked, TORN, is_approved=bool(n % 2)))

    assert sorted(outcomes) == ["AlreadyDecided"] * 7 + ["Order"]
    order.refresh_from_db()
    timur.refresh_from_db()
    assert (order.stage, timur.balance) in {("refunded", 400), ("completed", 0)}


def test_of_a_refund_and_a_shipment_one_wins(bought, timur):
    order = take(bought, Event.ACCEPT)

    def act(number):
        if number % 2:
            return refunds.give_back(order, TORN)
        return fulfilment.act(order, Event.SHIP, Actor.SHOP)

    outcomes = at_once(8, act)

    assert sorted(outcomes) == ["Order"] + ["TransitionNotAllowed"] * 7
    order.refresh_from_db()
    timur.refresh_from_db()
    assert (order.stage, timur.balance) in {("cancelled", 400), ("shipped", 0)}
