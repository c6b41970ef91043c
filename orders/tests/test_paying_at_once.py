"""Checkouts of several orders, paid while others order the same: no waiting in a circle."""

from decimal import Decimal

import pytest

from billing.tests.test_ledger import at_once
from catalog.models import Product
from catalog.products import create_product
from conftest import funded
from orders.checkout import pay_from_balance, place
from orders.models import Order
from orders.quotes import Wish

pytestmark = pytest.mark.django_db(transaction=True)
CHECKOUTS = 12


@pytest.fixture
def two_dresses(atelier, bazaar):
    """One of each shop's, the wish for the newer one first."""
    older, newer = (
        create_product(shop, name="Dress", price=Decimal(10)) for shop in (atelier, bazaar)
    )
    Product.objects.update(moderation_status="approved", is_active=True)
    return [Wish(newer.variants.get().pk), Wish(older.variants.get().pk)]


def test_paying_and_ordering_at_once_never_deadlock(timur, two_dresses):
    funded(timur, Decimal(100_000))
    unpaid = [place(timur, two_dresses) for _ in range(CHECKOUTS)]

    def act(number):
        if number % 2:
            return place(timur, two_dresses)
        return pay_from_balance(unpaid[number // 2])

    outcomes = at_once(2 * CHECKOUTS, act)

    assert sorted(outcomes) == ["Checkout"] * CHECKOUTS + ["list"] * CHECKOUTS
    assert Order.objects.filter(stage="paid").count() == 2 * CHECKOUTS
    timur.refresh_from_db()
    assert timur.balance == 100_000 - 2 * CHECKOUTS * 10


def test_a_checkout_paid_by_many_at_once_is_paid_once(timur, two_dresses):
    funded(timur, Decimal(100_000))
    checkout = place(timur, two_dresses)

    assert at_once(8, lambda _: pay_from_balance(checkout)) == ["list"] * 8

    timur.refresh_from_db()
    assert timur.balance == 100_000 - 20
