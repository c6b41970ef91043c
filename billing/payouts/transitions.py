"""The payout's lifecycle as data: what is not listed is refused. API, admin and tests read it."""

from dataclasses import dataclass
from enum import StrEnum

from billing.models import Payout

Status = Payout.Status


class Actor(StrEnum):
    SHOP = "shop"
    ADMIN = "admin"


class Action(StrEnum):
    APPROVE = "approve"
    PAID = "paid"
    FAIL = "fail"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Transition:
    source: Payout.Status
    action: Action
    target: Payout.Status
    actor: Actor


PAYOUT = (
    Transition(Status.REQUESTED, Action.APPROVE, Status.PROCESSING, Actor.ADMIN),
    Transition(Status.PROCESSING, Action.PAID, Status.PAID, Actor.ADMIN),
    Transition(Status.REQUESTED, Action.FAIL, Status.RETURNED, Actor.ADMIN),
    Transition(Status.PROCESSING, Action.FAIL, Status.RETURNED, Actor.ADMIN),
    Transition(Status.REQUESTED, Action.CANCEL, Status.RETURNED, Actor.SHOP),
)


def allowed(payout: Payout, actor: Actor) -> list[Action]:
    """What this actor may do with the payout now."""
    return [each.action for each in PAYOUT if (each.source, each.actor) == (payout.status, actor)]


def target(payout: Payout, action: Action, actor: Actor) -> Payout.Status | None:
    """The status the action leads to, or None when it is not allowed now."""
    for each in PAYOUT:
        if (each.source, each.action, each.actor) == (payout.status, action, actor):
            return each.target
    return None
