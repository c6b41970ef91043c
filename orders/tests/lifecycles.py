"""An order at every stage of its lifecycle, on a clock that the test turns."""

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from catalog.models import RentalTerms
from orders import checkout, fulfilment
from orders.models import Order
from orders.models.kinds import Actor, Stage, Type
from orders.quotes import Wish
from orders.saying import Said
from orders.transitions import TABLES, Event

STARTS_IN = timedelta(days=5)
RENTED_FOR = timedelta(days=3)
DEPOSIT = Decimal(1000)
# What has to have been done before a window opens.
BEFORE = {"sent_back_at": Event.SEND_BACK}


class Clock:
    """The time that the platform believes it is."""

    def __init__(self, monkeypatch):
        self.monkeypatch = monkeypatch
        self.turn(timezone.now())

    def turn(self, moment):
        self.now = moment
        self.monkeypatch.setattr(timezone, "now", lambda: self.now)


class Lifecycle:
    """One order of a type, and the ways it can go."""

    def __init__(self, order, clock, picture):
        self.order, self.clock, self.picture = order, clock, picture
        self.table = TABLES[order.order_type]
        self.ways = self._shortest_ways()

    def stages(self, order=None):
        """The order at every stage, one after the other; what happens in between is undone."""
        order = order or self.order
        yield order
        for step, actor in self.ways[order.stage]:
            with undone():
                yield from self.stages(self._taken(order, step, actor))

    def steps_from(self, order):
        """Every (step, actor) that leads on from where the order is."""
        steps = (step for step in self.table if step.source == order.stage)
        return [(step, actor) for step in steps for actor in step.actors]

    def ripe(self, order, step, actor):
        """The order at the moment from which the actor may take the step; the clock shows it."""
        self.clock.turn(order.stage_since)
        window = step.actors[actor]
        if window.since and getattr(order, window.since) is None:
            order = fulfilment.act(order, BEFORE[window.since], Actor.USER)
        self.clock.turn(max(order.stage_since, window.opens_at(order) or order.stage_since))
        return order

    def said(self, order, step, photo=None):
        """What the step needs, as the domain takes it."""
        words = {
            "reason": "There is a hole in it",
            "tracking_number": "KZ-1",
            "amount": Decimal(100),
            "share": Decimal("0.5"),
            "until": order.rental_end_date and order.rental_end_date + timedelta(days=1),
            "photos": [photo or self.picture],
        }
        return {need: words[need] for need in step.needs}

    def body(self, order, step):
        """The same, as a form takes it."""
        return self.said(order, step, SimpleUploadedFile("it.jpg", self.picture))

    def _taken(self, order, step, actor):
        order = self.ripe(order, step, actor)
        if actor is Actor.TIMER:
            return swept(order, step.event)
        return fulfilment.act(order, step.event, actor, Said(**self.said(order, step)))

    def _shortest_ways(self):
        """{stage: the steps that go on to stages no shorter way leads to}; people's come first."""
        moving = [step for step in self.table if step.source != step.target]
        steps = [(step, actor) for step in moving for actor in step.actors]
        steps.sort(key=lambda way: way[1] is Actor.TIMER)
        ways, front = {Stage.AWAITING_PAYMENT: []}, [Stage.AWAITING_PAYMENT]
        for stage in front:
            for step, actor in steps:
                if step.source == stage and step.target not in ways:
                    ways[stage].append((step, actor))
                    ways[step.target] = []
                    front.append(step.target)
        return ways


def placed(kind, buyer, product):
    """An order of one piece that waits for its payment."""
    days = {}
    if kind is Type.RENTAL:
        start = timezone.localdate() + STARTS_IN
        days = {"start": start, "end": start + RENTED_FOR}
    return checkout.place(buyer, [Wish(product.variants.get().pk, 1, **days)]).orders.get()


def for_rent(product, units=3):
    """The product, of which so many pieces are for rent."""
    product.variants.update(rental_units=units)
    RentalTerms.objects.create(
        product=product, price_per_day=Decimal(100), deposit=DEPOSIT, late_fee_per_day=Decimal(50)
    )
    return product


def swept(order, event):
    """The order after the time limits have taken this step; they take one a sweep."""
    while not order.events.filter(event=event).exists():
        assert fulfilment.take_due_steps(), f"{event} is not taken"
    return Order.objects.get(pk=order.pk)


@contextmanager
def undone():
    """Let something happen, be checked as at a commit, and then not have happened."""
    connection.check_constraints()  # what has happened before, once
    with transaction.atomic():
        yield
        connection.check_constraints()
        transaction.set_rollback(True)
