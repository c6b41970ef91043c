"""The payment's lifecycle as data: what is not listed is refused. API, timers and tests read it.

Accounts: GW is the gateway, W the owner's balance, HOLD what is on its way back.
"""

from dataclasses import dataclass
from enum import StrEnum

from billing.models import Payment

Status = Payment.Status


class Actor(StrEnum):
    OWNER = "owner"
    GATEWAY = "gateway"
    TIMER = "timer"
    ADMIN = "admin"


class Event(StrEnum):
    INIT = "init"
    INIT_FAILED = "init_failed"
    SUCCEED = "succeed"
    LATE_SUCCEED = "late_succeed"
    FAIL = "fail"
    EXPIRE = "expire"
    CANCEL = "cancel"
    MISMATCH = "mismatch"
    ACCEPT = "accept"
    REFUSE = "refuse"
    REFUND_REQUEST = "refund_request"
    REFUND_OK = "refund_ok"
    REFUND_PART = "refund_part"
    REFUND_FAIL = "refund_fail"


class Money(StrEnum):
    """What is booked."""

    NONE = "none"
    IN = "GW -> W"
    HOLD = "W -> HOLD"
    OUT = "HOLD -> GW"
    BACK = "HOLD -> W"


@dataclass(frozen=True, slots=True)
class Transition:
    source: Payment.Status
    event: Event
    target: Payment.Status
    actors: frozenset[Actor]
    money: Money = Money.NONE


OPEN = (Status.CREATED, Status.PENDING)
CLOSED = (Status.EXPIRED, Status.CANCELLED)
UNPAID = (*OPEN, Status.FAILED, *CLOSED)


def _each(
    sources: tuple[Payment.Status, ...],
    event: Event,
    target: Payment.Status,
    *actors: Actor,
    money: Money = Money.NONE,
) -> list[Transition]:
    return [Transition(source, event, target, frozenset(actors), money) for source in sources]


PAYMENT = (
    *_each((Status.CREATED,), Event.INIT, Status.PENDING, Actor.GATEWAY),
    *_each((Status.CREATED,), Event.INIT_FAILED, Status.FAILED, Actor.GATEWAY),
    # The payer's next card may pay after the first was refused, and an amount that was looked into
    # may be followed by the right one: in any order, what was asked for and came is a success.
    *_each(
        (*OPEN, Status.FAILED, Status.NEEDS_REVIEW),
        Event.SUCCEED,
        Status.SUCCEEDED,
        Actor.GATEWAY,
        money=Money.IN,
    ),
    *_each(CLOSED, Event.LATE_SUCCEED, Status.SUCCEEDED, Actor.GATEWAY, money=Money.IN),
    *_each(UNPAID, Event.MISMATCH, Status.NEEDS_REVIEW, Actor.GATEWAY),
    *_each(OPEN, Event.FAIL, Status.FAILED, Actor.GATEWAY, Actor.TIMER),
    *_each(OPEN, Event.EXPIRE, Status.EXPIRED, Actor.GATEWAY, Actor.TIMER),
    *_each(OPEN, Event.CANCEL, Status.CANCELLED, Actor.GATEWAY, Actor.OWNER),
    *_each((Status.NEEDS_REVIEW,), Event.ACCEPT, Status.SUCCEEDED, Actor.ADMIN, money=Money.IN),
    *_each((Status.NEEDS_REVIEW,), Event.REFUSE, Status.FAILED, Actor.ADMIN),
    *_each(
        (Status.SUCCEEDED,),
        Event.REFUND_REQUEST,
        Status.REFUND_PENDING,
        Actor.OWNER,
        Actor.ADMIN,
        money=Money.HOLD,
    ),
    *_each(
        (Status.REFUND_PENDING,),
        Event.REFUND_OK,
        Status.REFUNDED,
        Actor.GATEWAY,
        Actor.ADMIN,
        money=Money.OUT,
    ),
    *_each(
        (Status.REFUND_PENDING,),
        Event.REFUND_PART,
        Status.SUCCEEDED,
        Actor.GATEWAY,
        Actor.ADMIN,
        money=Money.OUT,
    ),
    *_each(
        (Status.REFUND_PENDING,),
        Event.REFUND_FAIL,
        Status.SUCCEEDED,
        Actor.GATEWAY,
        Actor.ADMIN,
        money=Money.BACK,
    ),
)


def find(payment: Payment, event: Event, actor: Actor) -> Transition | None:
    """The step, or None when it is not allowed now."""
    for step in PAYMENT:
        if (step.source, step.event) == (payment.status, event) and actor in step.actors:
            return step
    return None


def allowed(payment: Payment, actor: Actor) -> list[Event]:
    """What this actor may do with the payment now."""
    return [
        step.event for step in PAYMENT if step.source == payment.status and actor in step.actors
    ]
