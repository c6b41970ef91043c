"""Robokassa (robokassa.kz): a signed link to its page, a signed result, states as XML.

Confirmed (docs.robokassa.kz and docs.robokassa.ru: «Интерфейс оплаты», «Уведомления и
переадресация», «XML интерфейсы», «Осуществление возвратов по API»):
- the page's address carries SignatureValue, the hash of MerchantLogin:OutSum:InvId:password 1;
  the hash (MD5, SHA-256 …) is chosen in the cabinet, and may be written in either case.
- the result address gets OutSum, InvId and SignatureValue, the hash of OutSum:InvId:password 2,
  and wants the plain text OK{InvId}. Only success is told; no message has an id of its own.
- OpStateExt (hash of MerchantLogin:InvoiceID:password 2) gives Result/Code 0, or 3 for an invoice
  that nobody opened, State/Code and Info with OutSum and OpKey.
- a refund is a JWT {OpKey, RefundSum} signed with password 3; without RefundSum it is a whole one;
  the answer has a requestId, whose GetState is finished, processing or canceled.

Addresses for the result, success and failure are set in the cabinet: the result by POST. Refunds
are not told about and have no key against repeating: one that is still `processing` is looked up in
the cabinet. Amounts are taken for tenge, as a shop registered in Kazakhstan has them.

With ROBOKASSA_TEST nothing is paid, and the passwords are those for tests. Not confirmed: the host
of refunds for shops in Kazakhstan; Culture=kk (ru is asked for instead).
"""

import base64
import hashlib
import hmac
import json
from datetime import date
from decimal import Decimal
from typing import ClassVar
from urllib.parse import urlencode

from django.conf import settings

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
from billing.gateways.http import ask

HASHES = {"md5", "sha256", "sha384", "sha512"}
FOUND, NOT_FOUND = "0", "3"
OUTCOMES = {"10": Outcome.CANCELLED, "60": Outcome.FAILED, "100": Outcome.SUCCEEDED}
REFUND_STATES = {"finished": Outcome.SUCCEEDED, "processing": Outcome.PENDING}


class RobokassaGateway:
    name: ClassVar[str] = "robokassa"
    refunds_once: ClassVar[bool] = False

    def has_credentials(self) -> bool:
        passwords = settings.ROBOKASSA_PAGE_PASSWORD and settings.ROBOKASSA_RESULT_PASSWORD
        return bool(settings.ROBOKASSA_LOGIN and passwords and settings.ROBOKASSA_HASH in HASHES)

    def init(self, bill: Bill) -> Started:
        login, invoice = settings.ROBOKASSA_LOGIN, str(bill.payment_id)
        asked = {
            "MerchantLogin": login,
            "OutSum": str(bill.amount),
            "InvId": invoice,
            "Description": bill.description[:100],
            "SignatureValue": _hash(
                login, str(bill.amount), invoice, settings.ROBOKASSA_PAGE_PASSWORD
            ),
            "Culture": "en" if bill.language == "en" else "ru",
            "Encoding": "utf-8",
            **({"IsTest": "1"} if settings.ROBOKASSA_TEST else {}),
        }
        return Started(f"{settings.ROBOKASSA_URL}/Merchant/Index.aspx?{urlencode(asked)}", invoice)

    def verify(self, callback: Callback) -> None:
        with reading.nonsense_is(BadSignature):
            said = reading.form(callback.body)
            signature = said["SignatureValue"].lower()
            expected = _hash(said["OutSum"], said["InvId"], settings.ROBOKASSA_RESULT_PASSWORD)
        if not hmac.compare_digest(signature.encode(), expected.encode()):
            raise BadSignature

    def parse(self, callback: Callback) -> GatewayEvent:
        with reading.nonsense_is(BadSignature):
            said = reading.form(callback.body)
            return GatewayEvent(
                key=f"{said['InvId']}:{Outcome.SUCCEEDED}",
                payment_id=reading.number(said["InvId"]),
                external_id=said["InvId"],
                amount=reading.amount(said["OutSum"]),
                currency=settings.CURRENCY,
                outcome=Outcome.SUCCEEDED,
            )

    def acknowledge(self, callback: Callback, *, accepted: bool) -> Acknowledgement:
        invoice = reading.form(callback.body)["InvId"]
        body = f"OK{invoice}".encode() if accepted else b"ERROR"
        return Acknowledgement(200 if accepted else 422, "text/plain", body)

    def fetch_status(self, payment_id: int, external_id: str) -> GatewayEvent:
        state = _state(payment_id)
        if state is None:
            return untried(payment_id, str(payment_id))
        with reading.nonsense_is(GatewayUnavailable):
            outcome = OUTCOMES.get(state["State/Code"], Outcome.PENDING)
            return GatewayEvent(
                key=f"{payment_id}:status:{outcome}",
                payment_id=payment_id,
                external_id=str(payment_id),
                amount=reading.amount(state["Info/OutSum"]),
                currency=settings.CURRENCY,
                outcome=outcome,
            )

    def refund(self, payment_id: int, external_id: str, amount: Decimal, *, key: str) -> Outcome:
        if not settings.ROBOKASSA_REFUND_PASSWORD:
            raise GatewayRefused("unsupported")
        state = _state(payment_id)
        if state is None or not state["Info/OpKey"]:
            raise GatewayRefused("unpaid")
        with reading.nonsense_is(GatewayUnavailable):
            whole = reading.amount(state["Info/OutSum"]) == amount
        request = _refund_request(state["Info/OpKey"], None if whole else amount)
        answer = _refunds("POST", "Create", content=request)
        if answer.get("success") is False:
            raise GatewayRefused(str(answer.get("message") or ""))
        with reading.nonsense_is(GatewayUnavailable):
            request_id = str(answer["requestId"])
        return _refund_outcome(request_id)

    def payout(self, payout_id: int, amount: Decimal, account: BankAccount) -> str:
        raise GatewayRefused("unsupported")

    def report(self, day: date) -> list[ReportLine]:
        raise GatewayRefused("unsupported")


def _state(payment_id: int) -> dict[str, str] | None:
    """What OpStateExt says of the invoice; None when nobody has opened it."""
    login = settings.ROBOKASSA_LOGIN
    signature = _hash(login, str(payment_id), settings.ROBOKASSA_RESULT_PASSWORD)
    answer = ask(
        "GET",
        f"{settings.ROBOKASSA_URL}/Merchant/WebService/Service.asmx/OpStateExt",
        params={"MerchantLogin": login, "InvoiceID": payment_id, "Signature": signature},
    )
    with reading.nonsense_is(GatewayUnavailable):
        root = reading.xml(answer.content)
        found = {
            path: root.findtext("/".join(f"{{*}}{name}" for name in path.split("/")), "")
            for path in ("Result/Code", "State/Code", "Info/OutSum", "Info/OpKey")
        }
        if found["Result/Code"] not in {FOUND, NOT_FOUND}:
            raise ValueError("refused to say")
    return found if found["Result/Code"] == FOUND else None


def _refund_outcome(request_id: str) -> Outcome:
    """Where the refund is now; it was taken, so an answer that fails to come changes nothing."""
    try:
        label = _refunds("GET", "GetState", params={"id": request_id}).get("label")
    except GatewayUnavailable:
        return Outcome.PENDING
    if label == "canceled":
        raise GatewayRefused("canceled")
    return REFUND_STATES.get(str(label), Outcome.PENDING)


def _refunds(method: str, name: str, **request: object) -> dict[str, object]:
    answer = ask(method, f"{settings.ROBOKASSA_REFUND_URL}/RefundService/Refund/{name}", **request)
    with reading.nonsense_is(GatewayUnavailable):
        return reading.json_object(answer.content)


def _refund_request(op_key: str, amount: Decimal | None) -> bytes:
    """A JWT; by hand, because the amount has to be a number with its own digits."""
    part = "" if amount is None else f',"RefundSum":{amount}'
    payload = f'{{"OpKey":{json.dumps(op_key)}{part}}}'
    signed = b".".join(map(_base64, [b'{"alg":"HS256","typ":"JWT"}', payload.encode()]))
    secret = settings.ROBOKASSA_REFUND_PASSWORD.encode()
    return b".".join([signed, _base64(hmac.digest(secret, signed, hashlib.sha256))])


def _base64(text: bytes) -> bytes:
    return base64.urlsafe_b64encode(text).rstrip(b"=")


def _hash(*parts: str) -> str:
    return hashlib.new(settings.ROBOKASSA_HASH, ":".join(parts).encode()).hexdigest()
