"""Freedom Pay (Kazakhstan, formerly PayBox): a hosted page, pg_sig, XML answers.

Confirmed (docs.freedompay.kz, Merchant API: «Create payment», «Refund payment», «Get payment
status», «Callbacks»; PayBox's published PHP library):
- a signature is the MD5 of `script;values in the order of their names;secret`, nested elements in
  their place; the script is the last part of the address that is called, ours included; answers
  and callbacks are signed likewise. It covers values and not names.
- init_payment.php answers with pg_payment_id and pg_redirect_url; get_status3.php with
  pg_payment_status, pg_captured and pg_refund_amount, which is negative; revoke.php takes
  pg_refund_amount for a part and has no key against repeating.
- the result address gets a form with pg_result 1 or 0 and wants XML with the same pg_salt and
  pg_status ok, rejected (only while pg_can_reject is 1) or error.

Not confirmed: whether pages speak Kazakh (they are asked for in Russian instead); whether errors
are always signed (an unsigned one counts as no answer); refunds that are taken and fail later.
«Pay out to IBAN» exists, but its fields could not be seen: payouts are not offered. No report.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import ClassVar
from xml.etree.ElementTree import Element

from django.conf import settings
from django.utils.html import escape

from billing.bank.details import BankAccount
from billing.gateways import reading
from billing.gateways.base import (
    Acknowledgement,
    BadSignature,
    Bill,
    Callback,
    GatewayEvent,
    GatewayRefused,
    GatewayUnavailable,
    Outcome,
    ReportLine,
    Started,
)
from billing.gateways.http import ask

RESULT_SCRIPT = "callback"  # the last part of our callback address; it is signed with
PAGE_SECONDS = 30 * 60

OUTCOMES = {
    "success": Outcome.SUCCEEDED,
    "ok": Outcome.SUCCEEDED,
    "failed": Outcome.FAILED,
    "error": Outcome.FAILED,
    "rejected": Outcome.FAILED,
    "revoked": Outcome.REFUNDED,
    "refunded": Outcome.REFUNDED,
    "canceled": Outcome.CANCELLED,
    "incomplete": Outcome.EXPIRED,
}


class FreedomPayGateway:
    name: ClassVar[str] = "freedompay"
    refunds_once: ClassVar[bool] = False

    def has_credentials(self) -> bool:
        return bool(settings.FREEDOMPAY_MERCHANT_ID and settings.FREEDOMPAY_SECRET_KEY)

    def init(self, bill: Bill) -> Started:
        assert bill.callback_url.endswith(f"/{RESULT_SCRIPT}")
        answer = _call(
            "init_payment.php",
            pg_order_id=str(bill.payment_id),
            pg_amount=str(bill.amount),
            pg_currency=bill.currency,
            pg_description=bill.description,
            pg_language="en" if bill.language == "en" else "ru",
            pg_lifetime=str(PAGE_SECONDS),
            pg_auto_clearing="1",
            pg_request_method="POST",
            pg_result_url=bill.callback_url,
            pg_success_url=bill.return_url,
            pg_failure_url=bill.return_url,
        )
        with reading.nonsense_is(GatewayUnavailable):
            return Started(answer["pg_redirect_url"], answer["pg_payment_id"])

    def verify(self, callback: Callback) -> None:
        with reading.nonsense_is(BadSignature):
            fields = reading.form(callback.body)
            signature = fields.pop("pg_sig")
        if not _equal(signature, _signature(RESULT_SCRIPT, _ordered(fields))):
            raise BadSignature

    def parse(self, callback: Callback) -> GatewayEvent:
        with reading.nonsense_is(BadSignature):
            said = reading.form(callback.body)
            outcome = {"1": Outcome.SUCCEEDED, "0": Outcome.FAILED}[said["pg_result"]]
            if outcome == Outcome.SUCCEEDED and said.get("pg_captured", "1") != "1":
                outcome = Outcome.PENDING  # held on the card, not taken
            return GatewayEvent(
                key=f"{said['pg_payment_id']}:{outcome}",
                payment_id=reading.number(said["pg_order_id"]),
                external_id=said["pg_payment_id"],
                amount=reading.amount(said["pg_amount"]),
                currency=said["pg_currency"],
                outcome=outcome,
            )

    def acknowledge(self, callback: Callback, *, accepted: bool) -> Acknowledgement:
        said = reading.form(callback.body)
        refusal = "rejected" if said.get("pg_can_reject") == "1" else "error"
        answer = {"pg_salt": said.get("pg_salt", ""), "pg_status": "ok" if accepted else refusal}
        body = _document(answer | {"pg_sig": _signature(RESULT_SCRIPT, _ordered(answer))})
        return Acknowledgement(200, "application/xml", body)

    def fetch_status(self, payment_id: int, external_id: str) -> GatewayEvent:
        answer = _call("get_status3.php", pg_payment_id=external_id, pg_order_id=str(payment_id))
        with reading.nonsense_is(GatewayUnavailable):
            paid = reading.amount(answer["pg_amount"])
            outcome = _outcome(answer, paid)
            if answer.get("pg_order_id", str(payment_id)) != str(payment_id):
                raise ValueError("another payment")
            return GatewayEvent(
                key=f"{external_id}:status:{outcome}",
                payment_id=payment_id,
                external_id=external_id,
                amount=paid,
                currency=answer["pg_currency"],
                outcome=outcome,
            )

    def refund(self, payment_id: int, external_id: str, amount: Decimal, *, key: str) -> Outcome:
        answer = _call("revoke.php", pg_payment_id=external_id, pg_refund_amount=str(amount))
        return Outcome.PENDING if answer["pg_status"] == "pending" else Outcome.SUCCEEDED

    def payout(self, payout_id: int, amount: Decimal, account: BankAccount) -> str:
        raise GatewayRefused("unsupported")

    def report(self, day: date) -> list[ReportLine]:
        raise GatewayRefused("unsupported")


def _call(script: str, **fields: str) -> dict[str, str]:
    """What the script answers, its signature checked; nested elements are left out."""
    asked = {"pg_merchant_id": settings.FREEDOMPAY_MERCHANT_ID, "pg_salt": secrets.token_hex(8)}
    asked |= fields
    asked["pg_sig"] = _signature(script, _ordered(asked))
    answer = ask("POST", f"{settings.FREEDOMPAY_URL}/{script}", data=asked)
    with reading.nonsense_is(GatewayUnavailable):
        root = reading.xml(answer.content)
        said = {child.tag: child.text or "" for child in root if not len(child)}
        if not _equal(said["pg_sig"], _signature(script, _values(root))):
            raise ValueError("another signature")
        status = said["pg_status"]
    if status not in {"ok", "success", "pending"}:
        raise GatewayRefused(said.get("pg_error_code", ""), said.get("pg_error_description", ""))
    return said


def _outcome(answer: dict[str, str], paid: Decimal) -> Outcome:
    outcome = OUTCOMES.get(answer["pg_payment_status"], Outcome.PENDING)
    if outcome != Outcome.SUCCEEDED:
        return outcome
    if answer.get("pg_captured", "1") != "1":
        return Outcome.PENDING
    given_back = abs(reading.amount(answer.get("pg_refund_amount") or "0"))
    return Outcome.REFUNDED if given_back >= paid > 0 else Outcome.SUCCEEDED


def _signature(script: str, values: Iterator[str]) -> str:
    text = ";".join([script, *values, settings.FREEDOMPAY_SECRET_KEY])
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _ordered(fields: dict[str, str]) -> Iterator[str]:
    return (fields[name] for name in sorted(fields))


def _values(element: Element) -> Iterator[str]:
    for child in sorted(element, key=lambda child: child.tag):
        if len(child):
            yield from _values(child)
        elif child.tag != "pg_sig":
            yield child.text or ""


def _document(fields: dict[str, str]) -> bytes:
    elements = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    return f'<?xml version="1.0" encoding="utf-8"?>\n<response>{elements}</response>'.encode()


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
