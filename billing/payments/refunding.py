"""Money back to the payer: held first, then given by the gateway, or put back on the balance."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from billing import events, gateways
from billing.gateways.base import GatewayRefused, GatewayUnavailable, Outcome
from billing.models import Payment, PaymentRefund
from billing.payments import receiving, steps
from billing.payments.transitions import Actor, Event
from core import audit
from core.errors import Refusal
from core.transactions import atomic

ASKED_FOR = timedelta(days=1)  # afterwards a person has to look


class RefundTooLarge(Refusal):
    code = "refund_too_large"
    status = 422


def refund(payment: Payment, amount: Decimal, *, by: User | None = None) -> Payment:
    """Give the payer `amount` KZT of the payment back; `by` an administrator, else by its owner.

    Raises TransitionNotAllowed, RefundTooLarge above what is left of the payment, and
    InsufficientFunds above what is left on the balance. Not to be called in a transaction.
    """
    return send(hold(payment, amount, by=by))


@atomic
def hold(payment: Payment, amount: Decimal, *, by: User | None = None) -> PaymentRefund:
    """The first half of `refund`, which is quick: the money leaves the balance; `send` follows."""
    found = steps.locked(payment.pk)
    assert found is not None
    actor = Actor.ADMIN if by else Actor.OWNER
    if found.status == Payment.Status.SUCCEEDED and amount > rest(found):
        text = _("Of this payment %(rest)s ₸ can be paid back.") % {"rest": rest(found)}
        raise RefundTooLarge(text)
    if found.status != Payment.Status.SUCCEEDED:
        raise steps.TransitionNotAllowed(found, actor)
    who = f"admin:{by.pk}" if by else "owner"
    made = PaymentRefund.objects.create(payment=found, amount=amount, actor=who)
    steps.take(found, Event.REFUND_REQUEST, actor)
    if by:
        _record("payment.refund", found, amount)
    return made


def rest(payment: Payment) -> Decimal:
    """What of the payment has not gone back yet."""
    return (payment.paid_amount or Decimal(0)) - payment.refunded_amount


def send(made: PaymentRefund) -> Payment:
    """Ask the gateway to give the money back, and note what it says; more often does no harm.

    Where it does not answer, the refund stays on its way: it is asked again later if the gateway
    gives a refund once under its key, and is for a person to look at if not.
    """
    payment = made.payment
    gateway = gateways.load(payment.provider)
    try:
        outcome = gateway.refund(payment.pk, payment.external_id, made.amount, key=made.key)
    except GatewayUnavailable:
        outcome = Outcome.PENDING
    except GatewayRefused:
        outcome = Outcome.FAILED
    return _noted(made, outcome)


def ask_again(payment: Payment) -> Payment:
    """What became of the refund that is on its way."""
    made = payment.refunds.filter(status=PaymentRefund.Status.PENDING).first()
    if made is None:
        return payment
    if timezone.now() - made.created_at > ASKED_FOR:
        return _leave_to_people(made)
    if gateways.load(payment.provider).refunds_once:
        return send(made)
    return _noted(made, _seen(made))


def arrived(payment: Payment) -> Payment:
    """An administrator has seen in the provider's cabinet that the payer has the money."""
    return _decided(payment, "payment.refund_ok", lambda found, made: _ok(found, made, Actor.ADMIN))


def did_not_arrive(payment: Payment) -> Payment:
    """An administrator has seen there that nothing went back: the money is on the balance again."""
    return _decided(
        payment,
        "payment.refund_fail",
        lambda found, made: steps.take(found, Event.REFUND_FAIL, Actor.ADMIN),
    )


def _seen(made: PaymentRefund) -> Outcome:
    """What the payment's status tells of a refund: only that all of it has gone back."""
    payment = made.payment
    try:
        event = receiving.ask(payment).event
    except (GatewayUnavailable, GatewayRefused):
        return Outcome.PENDING
    is_whole = made.amount == payment.paid_amount
    is_back = event.outcome == Outcome.REFUNDED
    return Outcome.SUCCEEDED if is_whole and is_back else Outcome.PENDING


@atomic
def _noted(made: PaymentRefund, outcome: Outcome) -> Payment:
    """The gateway's message about it, or another sweeper, may have been faster."""
    payment = steps.locked(made.payment_id)
    assert payment is not None
    made.refresh_from_db()
    if made.status != PaymentRefund.Status.PENDING:
        return payment
    if outcome in {Outcome.SUCCEEDED, Outcome.REFUNDED}:
        return _ok(payment, made, Actor.GATEWAY)
    if outcome == Outcome.PENDING:
        return payment
    return steps.take(payment, Event.REFUND_FAIL, Actor.GATEWAY)


def _ok(payment: Payment, made: PaymentRefund, actor: Actor) -> Payment:
    return steps.take(payment, receiving.refunded(payment, made), actor)


@atomic
def _leave_to_people(made: PaymentRefund) -> Payment:
    payment = steps.locked(made.payment_id)
    assert payment is not None
    if payment.status == Payment.Status.REFUND_PENDING:
        payment.next_query_at = None
        payment.save(update_fields=["next_query_at"])
        events.payment_is_odd(payment, "refund_unclear", made.amount)
    return payment


@atomic
def _decided(
    payment: Payment, action: str, decide: Callable[[Payment, PaymentRefund], Payment]
) -> Payment:
    found = steps.locked(payment.pk)
    made = found and found.refunds.filter(status=PaymentRefund.Status.PENDING).first()
    if not found or not made:
        raise steps.TransitionNotAllowed(payment, Actor.ADMIN)
    _record(action, found, made.amount)
    return decide(found, made)


def _record(action: str, payment: Payment, amount: Decimal) -> None:
    audit.record(action, payment, after={"amount": amount})
