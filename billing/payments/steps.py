"""Taking one step of a payment's lifecycle: its status and its money in one transaction."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from billing import events, ledger
from billing.models import Payment, PaymentRefund, Transaction
from billing.payments import transitions
from billing.payments.transitions import Actor, Event, Money
from core.errors import Refusal
from shops.models import Shop

ASK_AGAIN = timedelta(minutes=5)
Account, Type = Transaction.Account, Transaction.Type
Legs = dict[ledger.Account, Decimal]


class TransitionNotAllowed(Refusal):
    """Names what is allowed now."""

    code = "transition_not_allowed"

    def __init__(self, payment: Payment, actor: Actor) -> None:
        allowed = [str(event) for event in transitions.allowed(payment, actor)]
        message = _("This payment does not allow that now. Allowed: %(allowed)s.")
        super().__init__(message % {"allowed": ", ".join(allowed) or _("nothing")})
        self.extra = {"allowed": allowed}


def locked(pk: int, **about: str) -> Payment | None:
    """The payment, held until the transaction ends; before the accounts, after the orders."""
    rows = Payment.objects.select_for_update(of=("self",)).select_related("user", "shop")
    return rows.filter(pk=pk, **about).first()


def take(payment: Payment, event: Event, actor: Actor, amount: Decimal | None = None) -> Payment:
    """Take the step with the locked payment, or raise TransitionNotAllowed.

    `amount` is what has come, with Money.IN.
    """
    step = transitions.find(payment, event, actor)
    if step is None:
        raise TransitionNotAllowed(payment, actor)
    MOVES[step.money](payment, amount)
    payment.status = step.target
    payment.next_query_at = _next_query_at(payment)
    payment.save()
    events.payment_updated(payment)
    return payment


def owner(payment: Payment) -> User | Shop:
    """Whose balance the money is for."""
    found = payment.user or payment.shop
    assert found is not None
    return found


def _next_query_at(payment: Payment) -> datetime | None:
    """While it is unpaid, once at the end of its time: a success may have got lost."""
    if payment.status == Payment.Status.REFUND_PENDING:
        return timezone.now() + ASK_AGAIN
    is_to_be_asked_about = payment.paid_amount is None and payment.next_query_at
    return payment.expires_at if is_to_be_asked_about else None


def _nothing(payment: Payment, amount: Decimal | None) -> None:
    """Most steps move nothing."""


def _come_in(payment: Payment, amount: Decimal | None) -> None:
    assert amount is not None
    payment.paid_amount = amount
    payment.paid_at = timezone.now()
    legs: Legs = {Account.GATEWAY: -amount, owner(payment): amount}
    _post(payment, "succeed", Type.TOPUP, legs)


def _hold(payment: Payment, amount: Decimal | None) -> None:
    refund = _pending_refund(payment)
    legs: Legs = {owner(payment): -refund.amount, Account.REFUND_HOLD: refund.amount}
    _post(payment, f"{refund.key}:request", Type.TOPUP_REFUND, legs)


def _go_out(payment: Payment, amount: Decimal | None) -> None:
    refund = _close(payment, PaymentRefund.Status.SUCCEEDED)
    payment.refunded_amount += refund.amount
    legs: Legs = {Account.REFUND_HOLD: -refund.amount, Account.GATEWAY: refund.amount}
    _post(payment, f"{refund.key}:ok", Type.TOPUP_REFUND, legs)


def _come_back(payment: Payment, amount: Decimal | None) -> None:
    refund = _close(payment, PaymentRefund.Status.FAILED)
    legs: Legs = {Account.REFUND_HOLD: -refund.amount, owner(payment): refund.amount}
    _post(payment, f"{refund.key}:fail", Type.TOPUP_REFUND_FAILED, legs)


def _pending_refund(payment: Payment) -> PaymentRefund:
    return payment.refunds.get(status=PaymentRefund.Status.PENDING)


def _close(payment: Payment, status: PaymentRefund.Status) -> PaymentRefund:
    refund = _pending_refund(payment)
    refund.status = status
    refund.save(update_fields=["status", "updated_at"])
    return refund


def _post(payment: Payment, step: str, kind: Transaction.Type, legs: Legs) -> None:
    ledger.post(f"payment:{payment.pk}:{step}", kind, legs)


MOVES: dict[Money, Callable[[Payment, Decimal | None], None]] = {
    Money.NONE: _nothing,
    Money.IN: _come_in,
    Money.HOLD: _hold,
    Money.OUT: _go_out,
    Money.BACK: _come_back,
}
