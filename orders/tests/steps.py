"""Orders that have come so far: each step taken by whoever takes it in life."""

from datetime import timedelta

from django.utils import timezone

from orders import fulfilment
from orders.models import Order
from orders.models.kinds import Actor
from orders.saying import NOTHING
from orders.transitions import TABLES, Event

WINDOW = timedelta(days=14)
TO_COMPLETED = (Event.ACCEPT, Event.SHIP, Event.DELIVER, Event.RECEIVE)


def take(order, *events, said=NOTHING):
    """The order after these steps."""
    for event in events:
        order = fulfilment.act(order, event, _who_takes(order, event), said)
    return order


def completed(order):
    return take(order, *TO_COMPLETED)


def settled(order):
    """A completed order after its return window."""
    past = timezone.now() - WINDOW
    Order.objects.filter(pk=order.pk).update(delivered_at=past, next_due_at=past)
    fulfilment.take_due_steps()
    order.refresh_from_db()
    return order


def _who_takes(order, event):
    found = [t for t in TABLES[order.order_type] if (t.source, t.event) == (order.stage, event)]
    actors = [actor for step in found for actor in step.actors if actor != Actor.TIMER]
    return actors[0] if actors else Actor.SHOP
