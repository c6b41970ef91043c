"""Refunds that administrators decide: which step gives the money back, and whereto."""

from dataclasses import replace
from decimal import Decimal
from functools import partial

from django.db import models, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from billing.models import Payment
from billing.models.payments import PAID
from billing.payments import refunding
from core.errors import Refusal
from core.transactions import atomic
from orders import fulfilment, meaning, refund_requests, saying
from orders.models import Order, OrderEvent
from orders.models.kinds import Actor, Stage
from orders.saying import Said, Unexplained
from orders.transitions import Event, Money, Transition

GIVING_BACK = {
    Money.REFUND,
    Money.REFUND_HALF,
    Money.SPLIT,
    Money.REFUND_LATE,
    Money.REFUND_SETTLED,
    Money.DIVIDE_DEPOSIT,
}
APPROVE = (Event.RESOLVE_BUYER, Event.RETURN_ACCEPT)
REJECT = (Event.RESOLVE_SHOP, Event.RETURN_REJECT)


class Destination(models.TextChoices):
    """Where money that goes back ends."""

    BALANCE = "balance", gettext_lazy("The balance")
    SOURCE = "source", gettext_lazy("Where it was paid from")


class NotPaidByGateway(Refusal):
    code = "not_paid_by_gateway"


class AlreadyDecided(Refusal):
    code = "already_decided"


def gives_back(step: Transition) -> bool:
    """Whether the step pays something to the buyer."""
    return step.money in GIVING_BACK


def has_source(order: Order) -> bool:
    """Whether a gateway has paid the order, so that money can go back there."""
    return order.events.filter(event=Event.PAY, actor=Actor.GATEWAY).exists()


@atomic
def decide(order: Order, event: str, said: Said, destination: str = Destination.BALANCE) -> Order:
    """Take an administrator's step; what it gives back goes to the balance, and on to the source.

    Raises what `fulfilment.act` raises, and for the source NotPaidByGateway and what
    `refunding.hold` raises; then nothing has changed.
    """
    if destination == Destination.BALANCE:
        return fulfilment.act(order, event, Actor.ADMIN, said)
    order = Order.objects.select_for_update().get(pk=order.pk)
    payment = _held_payment(order)
    had = _returned(order)
    done = fulfilment.act(order, event, Actor.ADMIN, said)
    assert said.by is not None
    to_source(payment, _returned(order) - had, User.objects.get(pk=said.by))
    return done


def give_back(order: Order, said: Said, destination: str = Destination.BALANCE) -> Order:
    """Give the buyer everything, or the share that is said, back by the step of the stage.

    Raises Unexplained and what `decide` raises.
    """
    if not said.reason.strip():
        raise Unexplained({"reason": _("Say why.")})
    events = meaning.GIVE_BACK if said.share is None else meaning.DIVIDE
    step = meaning.first(order, events, Actor.ADMIN)
    return decide(order, step.event, said, destination)


@atomic
def settle(
    request: OrderEvent,
    said: Said,
    *,
    is_approved: bool,
    destination: str = Destination.BALANCE,
) -> Order:
    """Decide a request for money back: all of it, the buyer's share that is said, or nothing.

    Raises AlreadyDecided and what `decide` raises; then nothing has changed.
    """
    order = Order.objects.select_for_update().get(pk=request.order_id)
    if not refund_requests.waiting().filter(pk=request.pk).exists():
        raise AlreadyDecided(_("This has been decided already."))
    if order.stage == Stage.CLAIM:
        amount = _kept_of_claim(order, said, is_approved=is_approved)
        return decide(order, Event.CLAIM_DECIDE, replace(said, amount=amount), destination)
    events = meaning.DIVIDE if said.share is not None else APPROVE if is_approved else REJECT
    return decide(order, meaning.first(order, events, Actor.ADMIN).event, said, destination)


def to_source(payment: Payment, amount: Decimal, by: User) -> None:
    """Send on what an order has just given back, up to what is left of the payment.

    What the balance had paid of it stays there. The gateway is asked after the commit; one that
    does not answer is asked again later.
    """
    amount = min(amount, refunding.rest(payment))
    if amount:
        made = refunding.hold(payment, amount, by=by)
        transaction.on_commit(partial(refunding.send, made), robust=True)


def _held_payment(order: Order) -> Payment:
    """The payment that has paid the order, locked before any account is."""
    paid = Payment.objects.filter(checkout=order.checkout_id, status__in=PAID).order_by("paid_at")
    first = paid.select_for_update().first() if has_source(order) else None
    if first is None:
        raise NotPaidByGateway(_("This order was not paid through a payment gateway."))
    return first


def _returned(order: Order) -> Decimal:
    """What the order has given back to its buyer so far, in KZT."""
    legs = order.transactions.filter(user__isnull=False, type__in=refund_requests.BACK)
    return legs.aggregate(total=Sum("amount"))["total"] or Decimal(0)


def _kept_of_claim(order: Order, said: Said, *, is_approved: bool) -> Decimal:
    if said.share is not None and (complaint := saying.about_share(order, said)):
        raise Unexplained({"share": complaint})
    to_buyer = Decimal(is_approved) if said.share is None else said.share
    kept: Decimal = order.claim_amount * (1 - to_buyer)
    return kept.quantize(Decimal("0.01"))
