"""Which step is meant, where one word means another step at each stage."""

from collections.abc import Iterable

from orders import transitions
from orders.fulfilment import TransitionNotAllowed
from orders.models import Order
from orders.models.kinds import Actor
from orders.transitions import Event, Transition

CALL_OFF = (Event.CANCEL, Event.DECLINE, Event.CANCEL_EARLY, Event.CANCEL_LATE)
ASK_BACK = (
    *CALL_OFF,
    Event.REQUEST_RETURN,
    Event.REQUEST_RETURN_LATE,
    Event.DISPUTE,
    Event.PROBLEM,
)
GIVE_BACK = (*CALL_OFF, Event.RESOLVE_BUYER, Event.RETURN_ACCEPT, Event.REFUND_SETTLED)
DIVIDE = (Event.RESOLVE_SPLIT,)


def named(order: Order, action: str, actor: Actor) -> Transition:
    """The step of that name; `cancel` is whichever step calls the order off now.

    Raises TransitionNotAllowed when the actor may not take it now.
    """
    return first(order, CALL_OFF if action == Event.CANCEL else [action], actor)


def first(order: Order, events: Iterable[str], actor: Actor) -> Transition:
    """The first of these steps that the actor may take now; TransitionNotAllowed without one."""
    for event in events:
        if step := transitions.find(order, event, actor):
            return step
    raise TransitionNotAllowed(order, actor)
