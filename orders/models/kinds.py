"""What orders are made of: their types, stages and limits, known to every table and rule."""

from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_QUANTITY = 100
MAX_AMOUNT = 10**10  # KZT; the bound also refuses NaN


class Type(models.TextChoices):
    PURCHASE = "purchase", _("Purchase")
    RENTAL = "rental", _("Rental")


class Status(models.TextChoices):
    PENDING = "pending", _("Waiting for payment")
    CONFIRMED = "confirmed", _("Paid")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")


class Stage(models.TextChoices):
    """The precise step of an order; each belongs to one status."""

    AWAITING_PAYMENT = "awaiting_payment", _("Waiting for payment")
    PAID = "paid", _("Paid")
    PROCESSING = "processing", _("Being prepared")
    SHIPPED = "shipped", _("On the way")
    DELIVERED = "delivered", _("Delivered")
    DISPUTED = "disputed", _("Disputed")
    RETURN_REQUESTED = "return_requested", _("Return asked for")
    BOOKED = "booked", _("Booked")
    IN_USE = "in_use", _("In use")
    OVERDUE = "overdue", _("Not brought back in time")
    CLAIM = "claim", _("Damage claimed")
    COMPLETED = "completed", _("Completed")
    COMPLETED_LOST = "completed_lost", _("Completed, not brought back")
    CLOSED_SPLIT = "closed_split", _("Closed, refunded in part")
    RETURN_REQUESTED_LATE = "return_requested_late", _("Return asked for after completion")
    REFUNDED_LATE = "refunded_late", _("Refunded after completion")
    SETTLED = "settled", _("Settled")
    CANCELLED = "cancelled", _("Cancelled")
    CANCELLED_LATE = "cancelled_late", _("Cancelled late")
    SETTLED_LATE = "settled_late", _("Cancelled late and settled")
    EXPIRED = "expired", _("Not paid in time")
    REFUNDED = "refunded", _("Refunded")


STAGES = {
    Status.PENDING: [Stage.AWAITING_PAYMENT],
    Status.CONFIRMED: [
        Stage.PAID,
        Stage.PROCESSING,
        Stage.SHIPPED,
        Stage.DELIVERED,
        Stage.DISPUTED,
        Stage.RETURN_REQUESTED,
        Stage.BOOKED,
        Stage.IN_USE,
        Stage.OVERDUE,
        Stage.CLAIM,
    ],
    Status.COMPLETED: [
        Stage.COMPLETED,
        Stage.COMPLETED_LOST,
        Stage.CLOSED_SPLIT,
        Stage.RETURN_REQUESTED_LATE,
        Stage.REFUNDED_LATE,
        Stage.SETTLED,
    ],
    Status.CANCELLED: [
        Stage.CANCELLED,
        Stage.CANCELLED_LATE,
        Stage.SETTLED_LATE,
        Stage.EXPIRED,
        Stage.REFUNDED,
    ],
}
AWAITING_DECISION = [
    Stage.DISPUTED,
    Stage.RETURN_REQUESTED,
    Stage.RETURN_REQUESTED_LATE,
    Stage.CLAIM,
]
STATUS_OF = {stage: status for status, stages in STAGES.items() for stage in stages}


class Actor(models.TextChoices):
    """Who takes a step."""

    USER = "user", _("buyer")
    SHOP = "shop", _("shop")
    ADMIN = "admin", _("administrator")
    TIMER = "timer", _("time limit")
    GATEWAY = "gateway", _("payment gateway")
