"""The time limit of a payment: asked about once more, then over."""

from collections.abc import Iterator
from datetime import timedelta
from time import monotonic

from django.utils import timezone

from accounts.models import User
from billing.models import Payment
from billing.payments import steps
from billing.payments.steps import ASK_AGAIN
from billing.payments.transitions import Actor, Event
from core.transactions import atomic

SWEEP_SECONDS = 25  # a gateway's 20 more fit into the worker's minute
UNANSWERED_FOR = timedelta(days=1)


def claimed() -> Iterator[Payment]:
    """Every payment that is to be asked about now, each by one sweeper, the next in 5 minutes."""
    started = monotonic()
    for pk in list(Payment.objects.due().values_list("pk", flat=True)):
        if monotonic() - started > SWEEP_SECONDS:
            return
        mine = Payment.objects.due().order_by().filter(pk=pk)
        if mine.update(next_query_at=timezone.now() + ASK_AGAIN):
            yield Payment.objects.select_related("user", "shop").get(pk=pk)


def is_abandoned(payment: Payment) -> bool:
    """Whether to wait no longer for a gateway that does not answer."""
    return timezone.now() - payment.created_at > UNANSWERED_FOR


@atomic
def expire(payment: Payment) -> Payment:
    """End the payment if it is still open, and ask no more; what comes later is late."""
    found = steps.locked(payment.pk)
    assert found is not None
    if found.paid_amount is None:
        found.next_query_at = None
    if found.is_open:
        return steps.take(found, Event.EXPIRE, Actor.TIMER)
    found.save(update_fields=["next_query_at"])
    return found


@atomic
def cancel(payment: Payment) -> Payment:
    """Its owner pays it no more; TransitionNotAllowed when that is decided already."""
    found = steps.locked(payment.pk)
    assert found is not None
    return steps.take(found, Event.CANCEL, Actor.OWNER)


def awaited(user: User) -> bool:
    """Whether a payment of the last 24 hours may still come; older ones were abandoned."""
    oldest = timezone.now() - UNANSWERED_FOR
    return user.payments.open().filter(created_at__gt=oldest).exists()


def hold(user: User) -> None:
    """Let nobody else change the person's open payments until the transaction ends."""
    list(user.payments.open().order_by("pk").select_for_update().values_list("pk"))


def give_up(user: User) -> None:
    """Wait no longer for the person's payments; what comes late is for an administrator to see."""
    waiting = user.payments.open()
    waiting.update(status=Payment.Status.FAILED, next_query_at=None, updated_at=timezone.now())
