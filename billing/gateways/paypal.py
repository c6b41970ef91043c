"""PayPal: Orders v2, captured by us after the payer approved; webhooks that PayPal itself verifies.

Confirmed (developer.paypal.com: Orders v2, Payments v2, Webhooks v1, «Idempotency»):
- POST /v1/oauth2/token with Basic auth and grant_type=client_credentials gives a bearer token.
- POST /v2/checkout/orders {intent: CAPTURE, purchase_units, payment_source.paypal} answers with an
  id and the link `payer-action`; an approved order is captured with POST …/{id}/capture.
- POST /v2/payments/captures/{id}/refund {amount, custom_id} answers COMPLETED or PENDING.
- the same PayPal-Request-Id again is answered as before; kept for hours for orders, for 45 days for
  refunds.
- a webhook is true when POST /v1/notifications/verify-webhook-signature, given its five headers,
  the webhook's id and the event exactly as it came, answers verification_status SUCCESS.

Tenge are no currency of PayPal's: the payer pays PAYPAL_CURRENCY at PAYPAL_RATE tenge for one. What
was asked in both is kept in custom_id, «payment:tenge:amount», which only we can write, so that an
event tells the tenge that were asked, also after the rate has changed.

CHECKOUT.ORDER.APPROVED needs a query, and that query takes the money. Subscribe the webhook to the
events of EVENTS and no others. Payouts need an account at PayPal, and the report a permission that
must be applied for: neither is offered. Not confirmed: currencies without cents (refused here).
"""

import json
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import ClassVar

from django.conf import settings

from billing.bank.details import BankAccount
from billing.gateways import paypal_api, reading
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
from billing.gateways.paypal_api import CENT

WITHOUT_CENTS = {"HUF", "JPY", "TWD"}
LOCALES = {"ru": "ru-RU", "kk": "ru-RU", "en": "en-US"}
SIGNED_WITH = {
    "auth_algo": "PayPal-Auth-Algo",
    "cert_url": "PayPal-Cert-Url",
    "transmission_id": "PayPal-Transmission-Id",
    "transmission_sig": "PayPal-Transmission-Sig",
    "transmission_time": "PayPal-Transmission-Time",
}
EVENTS = {
    "CHECKOUT.ORDER.APPROVED": Outcome.PENDING,
    "CHECKOUT.PAYMENT-APPROVAL.REVERSED": Outcome.CANCELLED,
    "PAYMENT.CAPTURE.PENDING": Outcome.PENDING,
    "PAYMENT.CAPTURE.COMPLETED": Outcome.SUCCEEDED,
    "PAYMENT.CAPTURE.DECLINED": Outcome.FAILED,
    "PAYMENT.CAPTURE.DENIED": Outcome.FAILED,
    "PAYMENT.CAPTURE.REFUNDED": Outcome.REFUNDED,
}


class PayPalGateway:
    name: ClassVar[str] = "paypal"
    refunds_once: ClassVar[bool] = True

    def has_credentials(self) -> bool:
        client = settings.PAYPAL_CLIENT_ID and settings.PAYPAL_CLIENT_SECRET
        money = settings.PAYPAL_RATE > 0 and settings.PAYPAL_CURRENCY not in WITHOUT_CENTS
        return bool(client and settings.PAYPAL_WEBHOOK_ID and money)

    def init(self, bill: Bill) -> Started:
        value = (bill.amount / settings.PAYPAL_RATE).quantize(CENT, ROUND_HALF_UP)
        if not value:
            raise GatewayRefused("amount", "Less than the smallest coin.")
        unit = {
            "custom_id": f"{bill.payment_id}:{bill.amount}:{value}",
            "description": bill.description[:127],
            "amount": paypal_api.money(value),
        }
        page = {
            "return_url": bill.return_url,
            "cancel_url": bill.return_url,
            "user_action": "PAY_NOW",
            "shipping_preference": "NO_SHIPPING",
            "locale": LOCALES[bill.language],
        }
        order = paypal_api.call(
            "/v2/checkout/orders",
            {
                "intent": "CAPTURE",
                "purchase_units": [unit],
                "payment_source": {"paypal": {"experience_context": page}},
            },
            key=f"payment-{bill.payment_id}",
        )
        with reading.nonsense_is(GatewayUnavailable):
            links = {link["rel"]: link["href"] for link in order["links"]}
            return Started(links["payer-action"], order["id"])

    def verify(self, callback: Callback) -> None:
        told = {name: callback.header(header) for name, header in SIGNED_WITH.items()}
        with reading.nonsense_is(BadSignature):
            event = callback.body.decode()
            reading.json_object(callback.body)  # one object, so it can be put into another
            if not all(told.values()):
                raise ValueError("a header is missing")
        asked = json.dumps({**told, "webhook_id": settings.PAYPAL_WEBHOOK_ID})
        try:
            said = paypal_api.call(
                "/v1/notifications/verify-webhook-signature",
                f'{asked[:-1]}, "webhook_event": {event}}}',
            )
        except GatewayRefused:
            raise BadSignature from None
        if said.get("verification_status") != "SUCCESS":
            raise BadSignature

    def parse(self, callback: Callback) -> GatewayEvent:
        with reading.nonsense_is(BadSignature):
            said = reading.json_object(callback.body)
            outcome, resource = EVENTS[said["event_type"]], said["resource"]
            of_order = said["event_type"].startswith("CHECKOUT.")
            related = resource.get("supplementary_data", {}).get("related_ids", {})
            return paypal_api.event(
                f"{resource['id']}:{said['event_type']}",
                resource["id"] if of_order else related.get("order_id", ""),
                resource["purchase_units"][0] if of_order else resource,
                outcome,
                needs_query=said["event_type"] == "CHECKOUT.ORDER.APPROVED",
            )

    def acknowledge(self, callback: Callback, *, accepted: bool) -> Acknowledgement:
        return Acknowledgement(200 if accepted else 422, "application/json", b"{}")

    def fetch_status(self, payment_id: int, external_id: str) -> GatewayEvent:
        order = paypal_api.order(payment_id, external_id)
        if order["status"] == "APPROVED":
            order = paypal_api.capture(payment_id, external_id)
        with reading.nonsense_is(GatewayUnavailable):
            outcome = paypal_api.outcome(order)
            told = [*paypal_api.captures(order), *order["purchase_units"]][0]
            key = f"{external_id}:status:{outcome}"
            return paypal_api.event(key, external_id, told, outcome)

    def refund(self, payment_id: int, external_id: str, amount: Decimal, *, key: str) -> Outcome:
        with reading.nonsense_is(GatewayUnavailable):
            captures = paypal_api.captures(paypal_api.order(payment_id, external_id))
            if not captures:
                raise GatewayRefused("unpaid")
            _payment, asked, value = paypal_api.kept(captures[0]["custom_id"])
            part = value if amount == asked else (value * amount / asked).quantize(CENT, ROUND_DOWN)
            path = f"/v2/payments/captures/{captures[0]['id']}/refund"
        said = paypal_api.call(
            path,
            {
                "amount": paypal_api.money(part),
                "custom_id": f"{payment_id}:{amount}:{part}",
            },
            key=key,
        )
        if said.get("status") in {"FAILED", "CANCELLED"}:
            raise GatewayRefused(str(said["status"]))
        return Outcome.SUCCEEDED if said.get("status") == "COMPLETED" else Outcome.PENDING

    def payout(self, payout_id: int, amount: Decimal, account: BankAccount) -> str:
        raise GatewayRefused("unsupported")

    def report(self, day: date) -> list[ReportLine]:
        raise GatewayRefused("unsupported")
