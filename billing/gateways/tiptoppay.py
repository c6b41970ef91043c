"""TipTop Pay (Kazakhstan, formerly CloudPayments): a bill with a page, notifications with an HMAC.

Confirmed (developers.tiptoppay.kz, version 1.0.1):
- calls are JSON with Basic auth (public id, API secret) and answer {Success, Message, Model};
  the same X-Request-ID again is answered as before, within an hour.
- orders/create gives Model.Url and Model.Id; payments/find the last payment of an InvoiceId;
  payments/refund takes TransactionId and Amount; payments/list one day's operations.
- a notification is a form; Content-HMAC is the Base64 of the HMAC-SHA256 of its bytes by the API
  secret. {"code": 0} accepts it; to a Check 13 refuses (10 unknown invoice, 11 another account, 12
  another amount, 20 too late say why); anything but 0 to the others has them sent again.

The addresses are set in TipTop Pay's cabinet, one for each notification, as the callback address
with `?notice=check`, `pay`, `fail`, `refund` or `cancel`. Check and Pay look alike and that word is
outside the signature, so a Pay is believed only when payments/find says the same.

Not confirmed: the time zone of CreatedDateIso (taken for UTC). Splits between several sellers exist
(orders/create with Splits), and are not used: the platform holds and pays out itself. Payouts go to
cards alone, so they are not offered.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import parse_qs
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils import timezone

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
    untried,
)
from billing.gateways.http import as_json, ask

NOTICES = {
    "check": Outcome.PENDING,
    "pay": Outcome.SUCCEEDED,
    "fail": Outcome.FAILED,
    "refund": Outcome.REFUNDED,
    "cancel": Outcome.CANCELLED,
}
OUTCOMES = {
    "Completed": Outcome.SUCCEEDED,
    "Declined": Outcome.FAILED,
    "Cancelled": Outcome.CANCELLED,
    "Refunded": Outcome.REFUNDED,
}
CULTURES = {"ru": "ru-RU", "kk": "kk-KZ", "en": "en-US"}
REFUND_TYPE = 1


class TipTopPayGateway:
    name: ClassVar[str] = "tiptoppay"
    refunds_once: ClassVar[bool] = False  # within an hour it does

    def has_credentials(self) -> bool:
        return bool(settings.TIPTOPPAY_PUBLIC_ID and settings.TIPTOPPAY_API_SECRET)

    def init(self, bill: Bill) -> Started:
        model = _call(
            "orders/create",
            f"payment:{bill.payment_id}",
            Amount=bill.amount,
            Currency=bill.currency,
            Description=bill.description,
            InvoiceId=str(bill.payment_id),
            CultureName=CULTURES[bill.language],
            SuccessRedirectUrl=bill.return_url,
            FailRedirectUrl=bill.return_url,
        )
        with reading.nonsense_is(GatewayUnavailable):
            return Started(str(model["Url"]), str(model["Id"]))

    def verify(self, callback: Callback) -> None:
        secret = settings.TIPTOPPAY_API_SECRET.encode()
        signature = base64.b64encode(hmac.digest(secret, callback.body, hashlib.sha256))
        if not hmac.compare_digest(signature, callback.header("Content-HMAC").encode()):
            raise BadSignature

    def parse(self, callback: Callback) -> GatewayEvent:
        with reading.nonsense_is(BadSignature):
            said = reading.form(callback.body)
            (notice,) = parse_qs(callback.query)["notice"]
            outcome = NOTICES[notice]
            if outcome == Outcome.SUCCEEDED and said["Status"] != "Completed":
                outcome = Outcome.PENDING  # held on the card, not taken
            return GatewayEvent(
                key=f"{said['TransactionId']}:{notice}",
                payment_id=reading.number(said["InvoiceId"]),
                external_id=said.get("PaymentTransactionId") or said["TransactionId"],
                amount=reading.amount(said["Amount"]),
                currency=said.get("Currency") or settings.CURRENCY,  # a refund names none
                outcome=outcome,
                needs_query=notice == "pay",
            )

    def acknowledge(self, callback: Callback, *, accepted: bool) -> Acknowledgement:
        body = b'{"code":0}' if accepted else b'{"code":13}'
        return Acknowledgement(200, "application/json", body)

    def fetch_status(self, payment_id: int, external_id: str) -> GatewayEvent:
        found = _find(payment_id)
        if found is None:
            return untried(payment_id, external_id)
        with reading.nonsense_is(GatewayUnavailable):
            line = _line(found)
        key = f"{line.external_id}:status:{line.outcome}"
        return GatewayEvent(
            key, payment_id, line.external_id, line.amount, line.currency, line.outcome
        )

    def refund(self, payment_id: int, external_id: str, amount: Decimal, *, key: str) -> Outcome:
        paid = _find(payment_id)
        if paid is None:
            raise GatewayRefused("unpaid")
        with reading.nonsense_is(GatewayUnavailable):
            transaction = reading.number(paid["TransactionId"])
        _call("payments/refund", f"refund:{key}", TransactionId=transaction, Amount=amount)
        return Outcome.SUCCEEDED

    def payout(self, payout_id: int, amount: Decimal, account: BankAccount) -> str:
        raise GatewayRefused("unsupported")

    def report(self, day: date) -> list[ReportLine]:
        """A day in Almaty lies within two days of UTC."""
        return [line for utc in (day - timedelta(days=1), day) for line in _lines(utc, day)]


def _call(method: str, request_id: str = "", **fields: Any) -> Any:
    """The Model of a successful answer."""
    said = _ask(method, request_id, **fields)
    if said["Success"] is not True:
        raise GatewayRefused("refused", str(said.get("Message") or ""))
    return said.get("Model") or {}


def _find(payment_id: int) -> dict[str, Any] | None:
    """The last attempt to pay, failed ones too; None when there was none."""
    said = _ask("payments/find", InvoiceId=str(payment_id))
    found: dict[str, Any] | None = said.get("Model")
    if found is None and said.get("Message") == "Not found":
        return None
    with reading.nonsense_is(GatewayUnavailable):
        if found is None or reading.number(found["InvoiceId"]) != payment_id:
            raise ValueError("another payment")
    return found


def _ask(method: str, request_id: str = "", **fields: Any) -> dict[str, Any]:
    headers = {"X-Request-ID": str(uuid5(NAMESPACE_URL, request_id))} if request_id else {}
    answer = ask(
        "POST",
        f"{settings.TIPTOPPAY_URL}/{method}",
        content=as_json(fields),
        headers={"Content-Type": "application/json", **headers},
        auth=(settings.TIPTOPPAY_PUBLIC_ID, settings.TIPTOPPAY_API_SECRET),
    )
    with reading.nonsense_is(GatewayUnavailable):
        said = reading.json_object(answer.content)
        if not isinstance(said["Success"], bool):
            raise TypeError("no answer")
    return said


def _lines(utc: date, day: date) -> Iterator[ReportLine]:
    with reading.nonsense_is(GatewayUnavailable):
        for row in _call("payments/list", Date=utc.isoformat()):
            created = datetime.fromisoformat(row["CreatedDateIso"]).replace(tzinfo=UTC)
            if timezone.localtime(created).date() == day:
                yield _line(row)


def _line(row: dict[str, Any]) -> ReportLine:
    refund = row.get("Type") == REFUND_TYPE
    invoice = str(row.get("InvoiceId"))  # what was sold by hand in the cabinet has none
    return ReportLine(
        external_id=str(row["TransactionId"]),
        payment_id=int(invoice) if reading.NUMBER.fullmatch(invoice) else 0,
        amount=reading.amount(row["Amount"]),
        currency=row["Currency"],
        outcome=Outcome.REFUNDED if refund else OUTCOMES.get(row["Status"], Outcome.PENDING),
    )
