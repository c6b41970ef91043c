"""What gateways tell: heard from the network first, believed, and applied to the payment once.

Whatever comes twice, late or in another order ends in the same state.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import events, gateways
from billing.gateways.base import (
    BadSignature,
    Callback,
    GatewayEvent,
    GatewayRefused,
    GatewayUnavailable,
    Outcome,
)
from billing.models import MAX_AMOUNT, Payment, PaymentEvent, PaymentRefund
from billing.payments import steps, transitions
from billing.payments.starting import GatewayDoesNotAnswer
from billing.payments.transitions import Actor, Event
from core.errors import Refusal
from core.transactions import atomic

QUERY = Callback(b"", {}, method="QUERY")
NOT_KEPT = ("authorization", "cookie", "x-forwarded", "forwarded", "x-real-ip", "remote")
HEADERS_MAX, HEADER_MAX, FORGERY_MAX, BODY_MAX = 50, 300, 1_000, 200_000  # letters
FORGERIES_KEPT_FOR = timedelta(days=30)
MEANINGS = {
    Outcome.FAILED: Event.FAIL,
    Outcome.EXPIRED: Event.EXPIRE,
    Outcome.CANCELLED: Event.CANCEL,
}


class UnknownGateway(Refusal):
    code = "unknown_gateway"
    status = 404


class BadCallback(Refusal):
    code = "bad_signature"
    status = 401


@dataclass(frozen=True, slots=True)
class Heard:
    """A fact that the gateway itself has told, and in which words."""

    provider: str
    event: GatewayEvent
    message: Callback


@dataclass(frozen=True, slots=True)
class Taken:
    """What a fact did: `step` is None where it changed nothing.

    `accepted` is what the gateway is answered: that the payment is ours, and may still be paid if
    it asks that.
    """

    payment: Payment | None
    step: Event | None
    accepted: bool


def hear(provider: str, message: Callback) -> Heard:
    """Believe a message, or raise UnknownGateway, BadCallback or GatewayDoesNotAnswer.

    May ask the gateway, so it is not to be called in a transaction. A forgery is kept.
    """
    if provider not in gateways.offered():
        raise UnknownGateway(_("There is no such gateway."))
    gateway = gateways.load(provider)
    try:
        gateway.verify(message)
        event = gateway.parse(message)
        return Heard(provider, _confirmed(provider, event), message)
    except BadSignature as error:
        _keep_forgery(provider, message)
        raise BadCallback(_("The signature is not the gateway's.")) from error
    except GatewayUnavailable as error:
        raise GatewayDoesNotAnswer(_("The gateway does not answer.")) from error


def ask(payment: Payment) -> Heard:
    """What the gateway says of the payment now; GatewayUnavailable, GatewayRefused."""
    gateway = gateways.load(payment.provider)
    event = gateway.fetch_status(payment.pk, payment.external_id)
    return Heard(payment.provider, event, QUERY)


@atomic
def apply(heard: Heard) -> Taken:
    """Let the fact change the payment, once; for payments of orders see orders.settling."""
    payment = steps.locked(heard.event.payment_id, provider=heard.provider)
    kept = _keep(heard, payment)
    if payment is None:
        return Taken(None, None, accepted=False)
    step = _take(payment, heard.event) if kept else None
    if kept and step:
        kept.accepted = True
        kept.save(update_fields=["accepted"])
    return Taken(payment, step, accepted=_is_acceptable(payment, heard.event))


def forget_forgeries() -> None:
    """Delete forged messages that are older than 30 days."""
    oldest = timezone.now() - FORGERIES_KEPT_FOR
    PaymentEvent.objects.filter(signature_ok=False, created_at__lt=oldest).delete()


def _confirmed(provider: str, event: GatewayEvent) -> GatewayEvent:
    """The event, or what the gateway says when asked, where its messages prove too little."""
    if not event.needs_query:
        return event
    payment = Payment.objects.filter(pk=event.payment_id, provider=provider).first()
    known_as = payment.external_id if payment else ""
    gateway = gateways.load(provider)
    try:
        truth = gateway.fetch_status(event.payment_id, known_as or event.external_id)
    except GatewayRefused:  # it knows of nothing like that
        raise BadSignature from None
    if truth.payment_id != event.payment_id:
        raise BadSignature
    return truth


def _take(payment: Payment, event: GatewayEvent) -> Event | None:
    """The step that the fact means now, taken; None where it means nothing new."""
    meaning = _meaning(payment, event)
    if meaning is None or transitions.find(payment, meaning, Actor.GATEWAY) is None:
        _tell_of_what_does_not_fit(payment, event)
        return None
    if event.outcome == Outcome.SUCCEEDED:
        payment.external_id = event.external_id[:100] or payment.external_id
    steps.take(payment, meaning, Actor.GATEWAY, event.amount)
    if meaning == Event.LATE_SUCCEED:
        events.money_is_on_the_balance(payment)
    return meaning


def _meaning(payment: Payment, event: GatewayEvent) -> Event | None:
    if event.outcome == Outcome.SUCCEEDED:
        if not _is_what_was_asked(payment, event):
            return Event.MISMATCH
        return Event.LATE_SUCCEED if payment.status in transitions.CLOSED else Event.SUCCEED
    if event.outcome == Outcome.REFUNDED:
        return _refund(payment, event)
    return MEANINGS.get(event.outcome)


def _is_what_was_asked(payment: Payment, event: GatewayEvent) -> bool:
    """Also no: money for somebody who has no account any more."""
    is_gone = payment.user is not None and payment.user.erased_at is not None
    return (event.amount, event.currency) == (payment.amount, payment.currency) and not is_gone


def _refund(payment: Payment, event: GatewayEvent) -> Event | None:
    pending = payment.refunds.filter(status=PaymentRefund.Status.PENDING).first()
    if pending is None or pending.amount != event.amount:
        return None
    return refunded(payment, pending)


def refunded(payment: Payment, refund: PaymentRefund) -> Event:
    """The step after which this refund is with the payer, whole or in part."""
    is_whole = payment.refunded_amount + refund.amount == payment.paid_amount
    return Event.REFUND_OK if is_whole else Event.REFUND_PART


def _tell_of_what_does_not_fit(payment: Payment, event: GatewayEvent) -> None:
    """Money that came a second time, or went back without our asking, is for people to look at."""
    known = payment.refunds.filter(amount=event.amount).exclude(status="failed")
    went_back = event.outcome == Outcome.REFUNDED and not known.exists()
    another = event.external_id not in {"", payment.external_id}
    other = another or not _is_what_was_asked(payment, event)
    came_twice = event.outcome == Outcome.SUCCEEDED and other
    if went_back or came_twice:
        events.payment_is_odd(payment, event.outcome, event.amount)


def _is_acceptable(payment: Payment, event: GatewayEvent) -> bool:
    if event.outcome != Outcome.PENDING:
        return True
    asked = event.amount == 0 or (event.amount, event.currency) == (
        payment.amount,
        payment.currency,
    )
    return payment.status in {*transitions.OPEN, Payment.Status.FAILED} and asked


def _keep(heard: Heard, payment: Payment | None) -> PaymentEvent | None:
    """The message as it came; None when this fact has been told before."""
    event = heard.event
    row = PaymentEvent(
        payment=payment,
        provider=heard.provider,
        event_key=event.key[:200],
        signature_ok=True,
        outcome=event.outcome,
        amount=event.amount if abs(event.amount) <= MAX_AMOUNT else None,
        currency=event.currency[:10],
        **_words(heard.message, BODY_MAX),
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return None
    return row


def _keep_forgery(provider: str, message: Callback) -> None:
    PaymentEvent.objects.create(provider=provider, **_words(message, FORGERY_MAX))


def _words(message: Callback, most: int) -> Mapping[str, object]:
    headers = list(message.headers.items())[:HEADERS_MAX]
    return {
        "headers": {
            _text(name, HEADER_MAX): _text(value, HEADER_MAX)
            for name, value in headers
            if not name.lower().startswith(NOT_KEPT)
        },
        "query": _text(message.query, FORGERY_MAX),
        "body": _text(message.body.decode(errors="backslashreplace"), most),
    }


def _text(said: str, most: int) -> str:
    """As PostgreSQL takes it."""
    plain = said.encode(errors="backslashreplace").decode().replace("\x00", "\\x00")
    return plain[:most]
