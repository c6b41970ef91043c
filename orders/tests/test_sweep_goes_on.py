"""One order whose time limit cannot be applied never stands in the way of the others."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import ProductVariant
from catalog.products import create_product
from conftest import funded
from orders import fulfilment
from orders.checkout import place
from orders.models import Order
from orders.quotes import Wish
from orders.tests.steps import take
from orders.transitions import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(dress_on_sale):
    variant = dress_on_sale.variants.get()
    variant.stock = 5
    variant.save(update_fields=["stock"])
    return variant


def unpaid(user, variant, *, minutes_ago):
    order = place(user, [Wish(variant.pk)]).orders.get()
    moment = timezone.now() - timedelta(minutes=minutes_ago)
    Order.objects.filter(pk=order.pk).update(created_at=moment, next_due_at=moment)
    return order


def stage(order):
    order.refresh_from_db()
    return order.stage


def test_an_order_that_fails_is_left_for_later(timur, counted, atelier, caplog):
    broken = unpaid(timur, counted, minutes_ago=30)
    ProductVariant.objects.filter(pk=counted.pk).update(reserved=0)  # so that nothing can be freed
    shawl = create_product(atelier, name="Shawl", price=Decimal(100))
    type(shawl).objects.filter(pk=shawl.pk).update(moderation_status="approved", is_active=True)
    fine = unpaid(timur, shawl.variants.get(), minutes_ago=20)

    assert fulfilment.take_due_steps() == 1

    assert (stage(broken), stage(fine)) == ("awaiting_payment", "expired")
    assert broken.next_due_at > timezone.now()
    assert f"order {broken.pk}" in caplog.text
    ProductVariant.objects.filter(pk=counted.pk).update(reserved=1)
    Order.objects.filter(pk=broken.pk).update(next_due_at=timezone.now())
    assert fulfilment.take_due_steps() == 1
    assert stage(broken) == "expired"


def test_an_order_that_is_due_for_nothing_gets_its_true_time_limit(timur, dress_on_sale):
    funded(timur, Decimal(400))
    order = take(place(timur, [Wish(dress_on_sale.variants.get().pk)]).orders.get(), Event.PAY)
    limit = order.next_due_at
    Order.objects.filter(pk=order.pk).update(next_due_at=timezone.now() - timedelta(days=1))

    assert fulfilment.take_due_steps() == 0

    assert stage(order) == "paid"
    assert order.next_due_at == limit
