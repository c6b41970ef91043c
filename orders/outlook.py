"""What is going to happen to an order by itself, and what it brings its shop, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone

from billing.models import Transaction
from orders import postings, transitions
from orders.models import Order
from orders.models.kinds import Actor, Stage, Status
from orders.transitions import Event, Transition
from shops.models import Shop

HOLDING = [
    Stage.COMPLETED,
    Stage.COMPLETED_LOST,
    Stage.CLOSED_SPLIT,
    Stage.CANCELLED_LATE,
    Stage.RETURN_REQUESTED_LATE,
    Stage.CLAIM,
]
IN_THE_WINDOW = Q(transactions__system_account=Transaction.Account.SHOP_PENDING)


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """The step that is taken at that moment unless somebody takes another one before."""

    step: Transition
    at: datetime


@dataclass(frozen=True, slots=True)
class Earnings:
    """The shop's part of an order, in KZT: `expected`, `held` for the return window or `released`.

    `at` is when it is released; None while that depends on somebody's decision.
    """

    amount: Decimal
    state: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """What a shop gets on one day, in KZT, and for which orders; without a day: once decided."""

    day: date | None
    amount: Decimal
    orders: Sequence[Order]


def time_limit(order: Order) -> TimeLimit | None:
    """The next one that leads on from where the order is."""
    steps = [step for step in transitions.of(order) if step.target != step.source]
    limits = [
        TimeLimit(step, at)
        for step in steps
        if Actor.TIMER in step.actors and (at := step.actors[Actor.TIMER].opens_at(order))
    ]
    return min(limits, key=attrgetter("at"), default=None)


def earnings(order: Order) -> Earnings:
    if held := postings.pending(order):
        return Earnings(held, "held", _released_at(order))
    if order.status in {Status.PENDING, Status.CONFIRMED}:
        return Earnings(order.total_amount - order.commission_amount, "expected")
    if order.stage in {Stage.SETTLED, Stage.SETTLED_LATE}:
        return Earnings(postings.released(order), "released", order.stage_since)
    return Earnings(Decimal(0), "released")


def releases(shop: Shop) -> list[Release]:
    """What the shop gets when, the soonest first; what still has to be decided comes last."""
    rows = shop.orders.filter(stage__in=HOLDING)
    held = rows.annotate(held=Sum("transactions__amount", filter=IN_THE_WINDOW)).filter(held__gt=0)
    days: dict[date | None, list[Any]] = {}
    for order in held.order_by("pk"):
        at = _released_at(order)
        days.setdefault(timezone.localdate(at) if at else None, []).append(order)
    return [
        Release(day, sum((order.held for order in orders), Decimal(0)), orders)
        for day, orders in sorted(days.items(), key=lambda found: found[0] or date.max)
    ]


def _released_at(order: Order) -> datetime | None:
    steps = [step for step in transitions.of(order) if step.event == Event.RELEASE]
    return steps[0].actors[Actor.TIMER].opens_at(order) if steps else None
