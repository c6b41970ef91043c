"""A gateway of our own for trying things: no money, but real callbacks with real signatures.

A callback is a JSON object {event, payment, amount, currency, status} whose HMAC-SHA256, in
hexadecimal, stands in the header `Sandbox-Signature`. What a payer decided is remembered in the
cache, so that fetch_status and report know it also when a callback got lost.
"""

import hmac
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Literal

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.core.signing import Signer
from django.urls import reverse
from django.utils.crypto import salted_hmac

from billing.bank.details import BankAccount
from billing.gateways.base import (
    Acknowledgement,
    BadSignature,
    Bill,
    Callback,
    GatewayEvent,
    GatewayRefused,
    Outcome,
    ReportLine,
    Started,
)
from billing.gateways.reading import amount, json_object, nonsense_is, number
from billing.models import Payment

REMEMBERED_SECONDS = 90 * 24 * 3600

Status = Literal["succeeded", "failed", "refunded", "expired", "cancelled"]


class Decision(StrEnum):
    """What the payer does on the page, and how the callbacks about it travel."""

    PAY = "pay"
    DECLINE = "decline"
    PAY_LATE = "pay_late"
    PAY_TWICE = "pay_twice"
    PAY_OUT_OF_ORDER = "pay_out_of_order"


ARRIVALS: dict[Decision, list[Status]] = {
    Decision.PAY: ["succeeded"],
    Decision.DECLINE: ["failed"],
    Decision.PAY_LATE: ["expired", "succeeded"],
    Decision.PAY_TWICE: ["succeeded", "succeeded"],
    Decision.PAY_OUT_OF_ORDER: ["succeeded", "failed"],  # the first card's refusal comes last
}


class SandboxGateway:
    name: ClassVar[str] = "sandbox"
    refunds_once: ClassVar[bool] = True

    def has_credentials(self) -> bool:
        return True

    def init(self, bill: Bill) -> Started:
        return Started(self.pay_page(bill.payment_id), str(bill.payment_id))

    def pay_page(self, payment_id: int) -> str:
        return f"{settings.API_BASE_URL}{reverse('sandbox-pay', args=[page_key(payment_id)])}"

    def verify(self, callback: Callback) -> None:
        signature = callback.header("Sandbox-Signature")
        if not hmac.compare_digest(sign(callback.body).encode(), signature.encode()):
            raise BadSignature

    def parse(self, callback: Callback) -> GatewayEvent:
        with nonsense_is(BadSignature):
            said = json_object(callback.body)
            payment_id = number(said["payment"])
            return GatewayEvent(
                key=str(said["event"]),
                payment_id=payment_id,
                external_id=str(payment_id),
                amount=amount(said["amount"]),
                currency=str(said["currency"]),
                outcome=Outcome(said["status"]),
            )

    def acknowledge(self, callback: Callback, *, accepted: bool) -> Acknowledgement:
        body = b'{"accepted":true}' if accepted else b'{"accepted":false}'
        return Acknowledgement(200 if accepted else 422, "application/json", body)

    def fetch_status(self, payment_id: int, external_id: str) -> GatewayEvent:
        outcome, paid = _known(payment_id)
        return GatewayEvent(
            key=f"{payment_id}:status:{outcome}",
            payment_id=payment_id,
            external_id=str(payment_id),
            amount=paid,
            currency=settings.CURRENCY,
            outcome=outcome,
        )

    def refund(self, payment_id: int, external_id: str, amount: Decimal, *, key: str) -> Outcome:
        outcome, paid = _known(payment_id)
        given = _refunds(payment_id)
        rest = paid - sum(given.values()) if outcome == Outcome.SUCCEEDED else Decimal(0)
        if given.get(key) == amount:
            return Outcome.SUCCEEDED
        if key in given or not 0 < amount <= rest:
            raise GatewayRefused("amount", "There is not so much left to give back.")
        cache.set(f"sandbox-refunds:{payment_id}", {**given, key: amount}, REMEMBERED_SECONDS)
        return Outcome.SUCCEEDED

    def payout(self, payout_id: int, amount: Decimal, account: BankAccount) -> str:
        return f"SANDBOX-{payout_id}"

    def report(self, day: date) -> list[ReportLine]:
        return list(_lines(day))


def callbacks(payment_id: int, amount: Decimal, decision: Decision) -> list[Callback]:
    """The signed callbacks about a decision, in the order in which they arrive."""
    bodies = [message(payment_id, amount, status) for status in ARRIVALS[decision]]
    return [Callback(body, {"Sandbox-Signature": sign(body)}) for body in bodies]


def decide(payment_id: int, amount: Decimal, decision: Decision) -> list[Callback]:
    """The payer has decided: remember it as the gateway's own truth, and tell it."""
    outcome = Outcome.FAILED if decision == Decision.DECLINE else Outcome.SUCCEEDED
    cache.set(f"sandbox:{payment_id}", (outcome.value, amount), REMEMBERED_SECONDS)
    return callbacks(payment_id, amount, decision)


def page_key(payment_id: int) -> str:
    """What names a payment in its page's address, so that nobody opens the pages of others."""
    return Signer(salt="sandbox-page").sign(str(payment_id))


def payment_of(key: str) -> int:
    """The payment behind a page's key; BadSignature for a key that is not ours."""
    try:
        return int(Signer(salt="sandbox-page").unsign(key))
    except signing.BadSignature as error:
        raise BadSignature from error


def message(payment_id: int, amount: Decimal, status: Status) -> bytes:
    """What the sandbox says when the payer has decided."""
    said = {
        "event": f"{payment_id}:{status}",
        "payment": payment_id,
        "amount": str(amount),
        "currency": settings.CURRENCY,
        "status": status,
    }
    return json.dumps(said).encode()


def sign(body: bytes) -> str:
    return salted_hmac("sandbox-gateway", body, algorithm="sha256").hexdigest()


def _known(payment_id: int) -> tuple[Outcome, Decimal]:
    """What the payer decided; where the cache forgot, what was booked."""
    remembered = cache.get(f"sandbox:{payment_id}")
    if remembered is not None:
        return Outcome(remembered[0]), remembered[1]
    payment = Payment.objects.filter(pk=payment_id, provider=SandboxGateway.name).first()
    if payment is None:
        raise GatewayRefused("unknown", "There is no such payment.")
    return _booked(payment)


def _booked(payment: Payment) -> tuple[Outcome, Decimal]:
    if payment.status in {Outcome.SUCCEEDED, "refund_pending"}:
        return Outcome.SUCCEEDED, payment.amount
    known = payment.status in set(Outcome) - {Outcome.PENDING}
    return (Outcome(payment.status), payment.amount) if known else (Outcome.PENDING, Decimal(0))


def _refunds(payment_id: int) -> dict[str, Decimal]:
    given: dict[str, Decimal] = cache.get(f"sandbox-refunds:{payment_id}", {})
    return given


def _lines(day: date) -> Iterator[ReportLine]:
    payments = Payment.objects.filter(provider=SandboxGateway.name, created_at__date=day)
    for payment in payments.order_by("pk"):
        outcome, paid = _known(payment.pk)
        if outcome != Outcome.PENDING:
            yield ReportLine(str(payment.pk), payment.pk, paid, settings.CURRENCY, outcome)
