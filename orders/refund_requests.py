"""Requests for money back, as histories of orders tell them: a step asks, a later one decides.

Each is the row of the asking step, with `decision`, `decided_at` and `decision_note` of the
deciding one, `transaction_id` of the buyer's payment, and `returned`: what came back so far (KZT).
"""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from billing.models import Transaction
from orders.models import OrderEvent
from orders.models.kinds import AWAITING_DECISION, Stage
from orders.transitions import Event

ASKING = (
    Event.DISPUTE,
    Event.PROBLEM,
    Event.REQUEST_RETURN,
    Event.REQUEST_RETURN_LATE,
    Event.RETURN_DAMAGED,
)
REJECTING = (Event.RESOLVE_SHOP, Event.RETURN_REJECT, Event.RETURN_EXPIRE)
Requests = QuerySet[Any]  # the type checker does not know what is annotated
BACK = (Transaction.Type.REFUND, Transaction.Type.RENTAL_DEPOSIT_RETURN)


class Status(models.TextChoices):
    """The money moves with the approval, so that whatever is approved is completed."""

    REQUESTED = "requested", _("Waiting for a decision")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    COMPLETED = "completed", _("Paid back")


def everything() -> Requests:
    later = OrderEvent.objects.filter(order=OuterRef("order"), pk__gt=OuterRef("pk"))
    deciding = later.exclude(to_stage__in=AWAITING_DECISION).order_by("pk")
    legs = Transaction.objects.filter(order=OuterRef("order"), user__isnull=False)
    returned = legs.filter(type__in=BACK).values("order").annotate(total=Sum("amount"))
    return (
        OrderEvent.objects.filter(event__in=ASKING)
        .select_related("order")
        .annotate(
            decision=Subquery(deciding.values("event")[:1]),
            decided_at=Subquery(deciding.values("created_at")[:1]),
            decision_note=Subquery(deciding.values("note")[:1]),
            transaction_id=Subquery(legs.filter(type=Transaction.Type.PURCHASE).values("pk")[:1]),
            returned=Subquery(returned.values("total")),
        )
    )


def waiting() -> Requests:
    return everything().filter(decision=None)


def of_status(status: str) -> Requests:
    if status == Status.REQUESTED:
        return waiting()
    decided = everything().exclude(decision=None)
    if status == Status.REJECTED:
        return decided.filter(decision__in=REJECTING)
    return decided.exclude(decision__in=REJECTING)


def status_of(request: Any) -> Status:
    if request.decision is None:
        return Status.REQUESTED
    return Status.REJECTED if request.decision in REJECTING else Status.COMPLETED


def amount_of(request: Any) -> Decimal:
    """What is asked back, or what came back, in KZT."""
    order = request.order
    match status_of(request):
        case Status.REJECTED:
            return Decimal(0)
        case Status.COMPLETED:
            return Decimal(request.returned or 0)
    return Decimal(order.claim_amount if order.stage == Stage.CLAIM else order.to_pay)
