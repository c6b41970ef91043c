"""The order's lifecycle as data: what is not listed is refused. API, panel and tests read it."""

from dataclasses import dataclass
from enum import StrEnum

from orders.models import Order

Status = Order.Status


class Actor(StrEnum):
    USER = "user"
    SHOP = "shop"
    ADMIN = "admin"


class Action(StrEnum):
    PAY = "pay"
    CANCEL = "cancel"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Transition:
    source: Order.Status
    action: Action
    target: Order.Status
    actors: frozenset[Actor]


def _by(*actors: Actor) -> frozenset[Actor]:
    return frozenset(actors)


ANYBODY = _by(Actor.USER, Actor.SHOP, Actor.ADMIN)
PURCHASE = (
    Transition(Status.PENDING, Action.PAY, Status.CONFIRMED, _by(Actor.USER)),
    Transition(Status.PENDING, Action.CANCEL, Status.CANCELLED, _by(Actor.USER)),
    Transition(Status.CONFIRMED, Action.CANCEL, Status.CANCELLED, ANYBODY),
    Transition(Status.CONFIRMED, Action.COMPLETE, Status.COMPLETED, _by(Actor.SHOP)),
)


def allowed(order: Order, actor: Actor) -> list[Action]:
    """What this actor may do with the order now."""
    return [
        transition.action
        for transition in PURCHASE
        if transition.source == order.status and actor in transition.actors
    ]


def target(order: Order, action: Action, actor: Actor) -> Order.Status | None:
    """The status the action leads to, or None when it is not allowed now."""
    for transition in PURCHASE:
        found = (transition.source, transition.action) == (order.status, action)
        if found and actor in transition.actors:
            return transition.target
    return None
