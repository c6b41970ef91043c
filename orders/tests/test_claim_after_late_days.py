"""A thing that comes back late and damaged: the deposit pays for both, and the rest goes back."""

from decimal import Decimal

import pytest

from conftest import funded
from orders import fulfilment
from orders.models.kinds import Actor
from orders.saying import Said
from orders.tests.rentals import booked, for_rent, overdue, photographed
from orders.tests.steps import take
from orders.transitions import Event


@pytest.fixture
def claimed(aigerim, dress_on_sale, picture):
    """300 ₸ of rent, a deposit of 300; two days late at 40 ₸ each, and 100 claimed."""
    funded(aigerim, Decimal(1000))
    rental = booked(aigerim, for_rent(dress_on_sale, late_fee_per_day=Decimal(40)))
    rental = take(rental, Event.HAND_OVER, said=photographed(picture))
    late = overdue(take(rental, Event.CONFIRM_HANDOVER), days=2)
    said = photographed(picture, amount=Decimal(100), reason="A stain")
    return take(late, Event.RETURN_DAMAGED, said=said)


def sums(order):
    """What the buyer has, and what the shop gets of this order."""
    order.user.refresh_from_db()
    got = order.transactions.filter(system_account="shop_pending")
    return order.user.balance, sum(leg.amount for leg in got)


@pytest.mark.parametrize(
    ("event", "actor", "said", "kept"),
    [
        (Event.CLAIM_ACCEPT, Actor.USER, Said(), 100),
        (Event.CLAIM_DROP, Actor.SHOP, Said(), 0),
        (Event.CLAIM_DECIDE, Actor.ADMIN, Said(amount=Decimal(30), reason="Half"), 30),
    ],
)
def test_both_are_taken_from_the_deposit(claimed, event, actor, said, kept):
    assert claimed.late_fee_amount == 80

    done = fulfilment.act(claimed, event, actor, said)

    balance, got = sums(done)
    rent_less_commission = 300 - done.commission_amount
    assert balance == 2000 - 300 - 80 - kept
    assert got == rent_less_commission + 80 + kept


def test_the_claim_is_cut_to_what_the_late_days_leave(aigerim, dress_on_sale, picture):
    rental = booked(aigerim, for_rent(dress_on_sale, late_fee_per_day=Decimal(40)))
    rental = take(rental, Event.HAND_OVER, said=photographed(picture))
    late = overdue(take(rental, Event.CONFIRM_HANDOVER), days=2)

    said = photographed(picture, amount=Decimal(300), reason="A stain")

    assert take(late, Event.RETURN_DAMAGED, said=said).claim_amount == 300 - 80
