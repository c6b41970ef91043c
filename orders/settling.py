"""Payments of checkouts through gateways: what comes is paid into the orders that wait for it.

Everything that a gateway says goes through here, whoever heard it: callbacks, queries, timers.
"""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from billing import events
from billing.gateways.base import Callback, GatewayRefused, GatewayUnavailable
from billing.ledger import InsufficientFunds
from billing.models import Payment
from billing.payments import expiring, receiving, refunding, starting
from billing.payments.receiving import Heard, Taken
from billing.payments.transitions import Event
from core.errors import Refusal
from core.transactions import atomic
from orders import checkout as checkouts
from orders.models import Checkout
from orders.models.kinds import Actor, Stage


class NothingToPay(Refusal):
    code = "nothing_to_pay"


def prepare(
    checkout: Checkout, *, provider: str = "", balance_first: bool = False
) -> Payment | None:
    """The payment of a checkout, or with `balance_first` of the rest of it, through a gateway.

    None when the balance covered it, which then has paid. The gateway is asked after the
    transaction, by `starting.opened`. Raises NothingToPay, NoGateway and
    GatewayNotOffered.
    """
    waiting = checkout.orders.filter(stage=Stage.AWAITING_PAYMENT)
    amount = sum((order.to_pay for order in waiting), Decimal(0))
    if not amount:
        raise NothingToPay(_("None of these orders waits for payment."))
    if balance_first:
        checkout.user.refresh_from_db(fields=["balance"])
        amount -= checkout.user.balance
    if amount <= 0:
        checkouts.pay_from_balance(checkout)
        return None
    return starting.create_for_checkout(checkout.user, checkout.pk, amount, provider=provider)


def receive(provider: str, message: Callback) -> Taken:
    """Take in a gateway's message; the same again changes nothing."""
    return apply(receiving.hear(provider, message))


def ask(payment: Payment) -> Taken:
    """Ask the gateway what became of the payment; GatewayUnavailable, GatewayRefused."""
    return apply(receiving.ask(payment))


@atomic
def apply(heard: Heard) -> Taken:
    """Let the fact change the payment and, in the same transaction, pay the orders it was for."""
    payments = Payment.objects.filter(pk=heard.event.payment_id, provider=heard.provider)
    asked = payments.exclude(checkout=None).select_related("checkout__user").first()
    if asked and asked.checkout:
        checkouts.hold(asked.checkout)  # orders and goods are locked before payments and accounts
    taken = receiving.apply(heard)
    if taken.payment and taken.payment.checkout and taken.step == Event.SUCCEED:
        _pay(taken.payment, taken.payment.checkout)
    return taken


def settle_due() -> None:
    """Ask about every payment whose time is over, and every refund that is on its way."""
    for payment in expiring.claimed():
        _settle(payment)


def _pay(payment: Payment, checkout: Checkout) -> None:
    """Or tell the buyer that the money waits on the balance."""
    waiting = checkout.orders.filter(stage=Stage.AWAITING_PAYMENT)
    try:
        if waiting.exists():
            with transaction.atomic():
                paid = checkouts.pay_from_balance(checkout, actor=Actor.GATEWAY)
                by = [order.pk for order in paid]
                checkout.orders.filter(pk__in=by).update(payment_method=payment.provider)
            return
    except InsufficientFunds:
        pass
    events.money_is_on_the_balance(payment)


def _settle(payment: Payment) -> None:
    if payment.status == Payment.Status.REFUND_PENDING:
        refunding.ask_again(payment)
    elif _is_over(payment):
        expiring.expire(payment)


def _is_over(payment: Payment) -> bool:
    """Whether to wait no longer, after the gateway was asked and what it said was applied."""
    try:
        ask(payment)
    except GatewayUnavailable:
        return expiring.is_abandoned(payment)
    except GatewayRefused:
        pass  # it knows of no such payment
    return True
