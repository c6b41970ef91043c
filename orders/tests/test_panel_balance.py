"""The shop reads what it has, what comes when, and what it owes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing import ledger
from billing.models import Transaction
from billing.payouts import lifecycle
from billing.tests.shops_with_money import with_bank_details
from conftest import funded
from orders import fulfilment
from orders.checkout import buy_from_balance
from orders.models.kinds import Actor
from orders.saying import Said
from orders.tests.rentals import booked, for_rent, photographed
from orders.tests.steps import completed, settled, take
from orders.transitions import Event
from shops.tests.owners import browser_of_shop


@pytest.fixture
def order(aigerim, dress_on_sale):
    return buy_from_balance(aigerim, dress_on_sale, quantity=2)


@pytest.fixture
def balance(atelier):
    return lambda: browser_of_shop(atelier).get("/panel/balance/")


def test_it_tells_on_which_day_what_comes(balance, order):
    done = completed(order)

    response = balance()

    [release] = response.context["releases"]
    day = timezone.localdate(done.delivered_at + timedelta(days=14))
    assert (release.day, release.amount, release.orders) == (day, 720, [done])
    assert response.context["held"] == 720
    assert f'<time datetime="{day}">' in response.content.decode()


def test_what_has_to_be_decided_first_comes_last_and_without_a_day(
    balance, order, aigerim, dress_on_sale, picture
):
    rental = booked(funded(aigerim, Decimal(1000)), for_rent(dress_on_sale))
    rental = take(rental, Event.HAND_OVER, said=photographed(picture))
    said = photographed(picture, amount=Decimal(100), reason="Torn")
    claimed = take(rental, Event.RETURN_DAMAGED, said=said)
    done = completed(order)

    releases = balance().context["releases"]

    assert [(one.amount, one.orders) for one in releases] == [(720, [done]), (270, [claimed])]
    assert releases[1].day is None


def test_what_is_released_is_no_longer_on_its_way(balance, order, atelier):
    settled(completed(order))

    context = balance().context

    atelier.refresh_from_db()
    assert (context["releases"], context["held"], context["owed"]) == ([], 0, 0)
    assert atelier.balance == 720


def test_what_is_owed_for_a_refund_is_told(balance, order, atelier):
    done = settled(completed(order))
    atelier.refresh_from_db()
    with_nothing_left(atelier)
    fulfilment.act(done, Event.REFUND_SETTLED, Actor.ADMIN, Said(reason="Forged"))

    page = balance()

    assert page.context["owed"] == 720
    assert "You owe for refunds" in page.content.decode()


def test_payouts_are_listed(balance, atelier, aigerim, dress_on_sale):
    rich = funded(aigerim, Decimal(10_000))
    settled(completed(buy_from_balance(rich, dress_on_sale, quantity=20)))
    atelier.refresh_from_db()
    lifecycle.request(with_bank_details(atelier), Decimal(5000))

    page = balance().content.decode()

    assert "Waiting for approval" in page
    assert "5,000 ₸" in page


def with_nothing_left(shop):
    """The shop has used its money up."""
    ledger.transfer(
        "test:used",
        Transaction.Type.ADJUSTMENT,
        shop.balance,
        source=shop,
        target=Transaction.Account.ADJUSTMENT,
    )
