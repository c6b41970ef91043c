"""An order that has waited for its goods sees them as they are by then."""

import threading
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import OperationalError, connection, connections, transaction

from catalog import stock
from catalog.models import Product, ProductVariant
from config.tests.conftest import wait_until
from orders.checkout import place
from orders.models import Order
from orders.quotes import Wish
from orders.tests.offers import limited

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE wait_event_type = 'Lock' AND datname = current_database()
"""


@pytest.fixture
def variant(dress_on_sale):
    return limited(dress_on_sale, 1)


def anybody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # or a transaction sees what it saw
        cursor.execute(WAITING)
        return cursor.fetchone()[0] == 1


@contextmanager
def an_order_waits(user, variant, outcomes):
    """Within the block an order waits for what this transaction holds; after it, it is done."""

    def order():
        try:
            outcomes.append(place(user, [Wish(variant.pk)]).to_pay)
        except Exception as error:  # noqa: BLE001 - the test names what it expects
            outcomes.append(getattr(error, "code", error))
        connections.close_all()

    waiting = threading.Thread(target=order)
    with transaction.atomic():
        stock.hold([variant.pk])
        waiting.start()
        wait_until(anybody_waits)
        yield
    waiting.join()


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({"is_active": False}, "not_on_sale"),
        ({"is_active": False, "moderation_status": "rejected"}, "not_on_sale"),
        ({"price": Decimal(777)}, Decimal(777)),
    ],
)
def test_what_happened_to_the_product_meanwhile_counts(timur, variant, changed, outcome):
    outcomes = []

    with an_order_waits(timur, variant, outcomes):
        Product.objects.filter(pk=variant.product_id).update(**changed)

    assert outcomes == [outcome]
    assert Order.objects.count() == (1 if "price" in changed else 0)


def test_what_was_promised_meanwhile_is_sold_out(timur, variant):
    outcomes = []

    with an_order_waits(timur, variant, outcomes):
        stock.reserve({variant.pk: 1}, 0)

    assert outcomes == ["sold_out"]
    ProductVariant.objects.update(reserved=0)  # nobody ordered it


def test_a_product_is_held_before_its_variants(variant):
    product = Product.objects.filter(pk=variant.product_id).select_for_update(nowait=True)

    def hold():
        with transaction.atomic():
            stock.hold([variant.pk])
        connections.close_all()

    waiting = threading.Thread(target=hold)
    with transaction.atomic():
        ProductVariant.objects.select_for_update().get(pk=variant.pk)
        waiting.start()
        wait_until(anybody_waits)
        with pytest.raises(OperationalError, match="could not obtain lock"), transaction.atomic():
            product.get()
    waiting.join()
