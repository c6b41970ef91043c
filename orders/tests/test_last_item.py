"""Many buyers of the last item at once: one gets it, and everybody else is told."""

import os
import threading
from decimal import Decimal

import pytest
from django.db.models import F

from accounts.models import User
from billing import ledger
from billing.tests.test_ledger import at_once
from catalog import stock
from catalog.models import ProductVariant
from conftest import funded
from orders import ordering
from orders.models import Order
from orders.quotes import Wish
from orders.tests.offers import limited

BUYERS = 50
ROUNDS = int(os.environ.get("LEEMA_ROUNDS", "3"))
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def buyers(db):
    def come(count):
        rows = [User(google_id=f"b{number}", email=f"b{number}@x.kz") for number in range(count)]
        return [funded(user, Decimal(400 * ROUNDS)) for user in User.objects.bulk_create(rows)]

    return come


def test_of_fifty_buyers_of_the_last_item_one_gets_it(buyers, dress_on_sale):
    people = buyers(BUYERS)
    wish = Wish(limited(dress_on_sale, 1).pk)
    seen = []

    def buy(number):
        try:
            return ordering.order(people[number], [wish])
        except ordering.Refusal as refusal:
            seen.append(refusal.code)
            raise

    for sold in range(1, ROUNDS + 1):
        ProductVariant.objects.update(stock=sold)  # one more than was sold already
        seen.clear()

        outcomes = at_once(BUYERS, buy)

        assert outcomes.count("tuple") == 1
        assert seen == ["sold_out"] * (BUYERS - 1)
        assert Order.objects.filter(stage="paid").count() == Order.objects.count() == sold
    assert ProductVariant.objects.get().reserved == ROUNDS


def test_without_the_lock_and_the_condition_more_are_sold(buyers, dress_on_sale, monkeypatch):
    """The negative control: whoever reads first and writes then sells what is not there."""
    people = buyers(5)
    wish = Wish(limited(dress_on_sale, 1).pk)
    all_have_read = threading.Barrier(len(people))

    def read_then_write(pieces, _order_id):
        [(pk, count)] = pieces.items()
        variant = ProductVariant.objects.get(pk=pk)
        all_have_read.wait(30)
        if variant.available >= count:
            ProductVariant.objects.filter(pk=pk).update(reserved=variant.reserved + count)

    monkeypatch.setattr(stock, "held", lambda rows: rows.select_related("product"))
    monkeypatch.setattr(stock, "reserve", read_then_write)

    outcomes = at_once(len(people), lambda number: ordering.order(people[number], [wish]))

    assert outcomes.count("tuple") > 1
    assert ledger.breaches() != []  # and the database would tell
    ProductVariant.objects.update(stock=F("stock") + 9, reserved=Order.objects.count())
