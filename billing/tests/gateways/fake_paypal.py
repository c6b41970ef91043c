"""PayPal as developer.paypal.com describes it: OAuth, Orders v2, webhooks it verifies itself.

Its signature is over «transmission id|time|webhook id|CRC32 of the body», as the real one; an HMAC
stands in for RSA, which only PayPal's own verification sees.
"""

import base64
import hashlib
import hmac
import json
from decimal import Decimal
from zlib import crc32

from billing.gateways.base import Callback
from billing.tests.gateways.fake_server import Answer, Bill, FakeServer

CLIENT, SECRET, WEBHOOK = "pp-client", "pp-secret-5b", "8PT597110X687430LKGECATA"
KEY = b"the private key of PayPal"
MEMBER = b'"webhook_event": '


class FakePayPal(FakeServer):
    def __init__(self):
        super().__init__()
        self.answered = {}
        self.units = {}
        self.sent = 0

    def settings(self):
        return {
            "PAYPAL_URL": self.url,
            "PAYPAL_CLIENT_ID": CLIENT,
            "PAYPAL_CLIENT_SECRET": SECRET,
            "PAYPAL_WEBHOOK_ID": WEBHOOK,
            "PAYPAL_CURRENCY": "USD",
            "PAYPAL_RATE": Decimal("517.35"),
        }

    def answer(self, asked):
        if asked.path == "/checkoutnow":
            return Answer(b"<h1>Pay</h1>", content_type="text/html")
        if asked.path == "/v1/oauth2/token":
            basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            assert asked.headers["Authorization"] == f"Basic {basic}"
            assert asked.form == {"grant_type": "client_credentials"}
            return _said({"access_token": "A21AA", "token_type": "Bearer"})
        assert asked.headers["Authorization"] == "Bearer A21AA"
        key = (asked.path, asked.headers["PayPal-Request-Id"])
        if key[1] and key in self.answered:
            return self.answered[key]
        self.answered[key] = answer = self.api(asked)
        return answer

    def api(self, asked):
        match asked.path.strip("/").split("/"):
            case ["v1", "notifications", "verify-webhook-signature"]:
                return self.verified(asked)
            case ["v2", "checkout", "orders"]:
                return self.started(asked.json)
            case ["v2", "checkout", "orders", number]:
                return self.order(number)
            case ["v2", "checkout", "orders", number, "capture"]:
                return self.captured(number)
            case ["v2", "payments", "captures", number, "refund"]:
                return self.refunded(number, asked.json)
        return _refused(404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID")

    def started(self, said):
        (unit,) = said["purchase_units"]
        assert said["intent"] == "CAPTURE"
        assert said["payment_source"]["paypal"]["experience_context"]["return_url"]
        payment, amount = unit["custom_id"].partition(":")[0], unit["amount"]
        number = f"5O19{payment}"
        bill = Bill(payment, Decimal(amount["value"]), amount["currency_code"], number)
        self.bills[payment], self.units[number] = bill, unit
        link = {"rel": "payer-action", "href": f"{self.url}/checkoutnow?token={number}"}
        order = {"id": number, "status": "PAYER_ACTION_REQUIRED", "links": [link]}
        return _said(order)

    def order(self, number):
        bill = self.of(number)
        if bill is None:
            return _refused(404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID")
        states = {"new": "PAYER_ACTION_REQUIRED", "paid": "COMPLETED"}
        unit = dict(self.units[number])
        if bill.paid:
            unit["payments"] = {"captures": [self.capture(bill)]}
        status = states.get(bill.state, "APPROVED")
        return _said({"id": number, "status": status, "purchase_units": [unit]})

    def of(self, number):
        return next((bill for bill in self.bills.values() if bill.external_id == number), None)

    def capture(self, bill):
        status = "COMPLETED" if not bill.refunds else "PARTIALLY_REFUNDED"
        return {
            "id": f"3C67{bill.payment}",
            "status": status if bill.rest else "REFUNDED",
            "amount": {"value": f"{bill.paid:.2f}", "currency_code": bill.currency},
            "custom_id": self.units[bill.external_id]["custom_id"],
            "supplementary_data": {"related_ids": {"order_id": bill.external_id}},
        }

    def captured(self, number):
        bill = self.of(number)
        if bill.state == "paid":
            return _refused(422, "UNPROCESSABLE_ENTITY", "ORDER_ALREADY_CAPTURED")
        if bill.state == "declined":
            return _refused(422, "UNPROCESSABLE_ENTITY", "INSTRUMENT_DECLINED")
        if bill.state != "approved":
            return _refused(422, "UNPROCESSABLE_ENTITY", "ORDER_NOT_APPROVED")
        bill.state, bill.paid = "paid", bill.amount
        return self.order(number)

    def refunded(self, number, said):
        (bill,) = (one for one in self.bills.values() if f"3C67{one.payment}" == number)
        amount = Decimal(said["amount"]["value"])
        if not 0 < amount <= bill.rest:
            return _refused(422, "UNPROCESSABLE_ENTITY", "REFUND_AMOUNT_EXCEEDED")
        bill.refunds[f"1JU0{len(bill.refunds)}"] = amount
        return _said({"id": f"1JU0{len(bill.refunds)}", "status": "COMPLETED"}, 201)

    def verified(self, asked):
        said = asked.json
        event = asked.body[asked.body.index(MEMBER) + len(MEMBER) : -1]  # exactly as it was sent
        expected = self.signature(said["transmission_id"], event)
        right = said["webhook_id"] == WEBHOOK and said["transmission_sig"] == expected
        return _said({"verification_status": "SUCCESS" if right else "FAILURE"})

    def signature(self, transmission, body):
        text = f"{transmission}|2026-11-27T10:00:00Z|{WEBHOOK}|{crc32(body)}"
        return base64.b64encode(hmac.digest(KEY, text.encode(), hashlib.sha256)).decode()

    def approve(self, payment_id):
        """The payer approves; nothing is taken before the shop captures."""
        bill = self.bills[str(payment_id)]
        bill.state = "approved"
        unit = self.units[bill.external_id]
        resource = {"id": bill.external_id, "status": "APPROVED", "purchase_units": [unit]}
        return self.webhook("CHECKOUT.ORDER.APPROVED", resource)

    def pay(self, payment_id, amount=None):
        """The payer approved and the shop has captured."""
        bill = self.bills[str(payment_id)]
        dollars = bill.amount if amount is None else amount / Decimal("517.35")
        bill.state, bill.paid = "paid", dollars.quantize(Decimal("0.01"))
        return [self.webhook("PAYMENT.CAPTURE.COMPLETED", self.capture(bill))]

    def decline(self, payment_id):
        bill = self.bills[str(payment_id)]
        bill.state = "declined"
        resource = {**self.capture(bill), "id": f"3C66{bill.payment}", "status": "DECLINED"}
        resource["amount"] = self.units[bill.external_id]["amount"]
        return [self.webhook("PAYMENT.CAPTURE.DECLINED", resource)]

    def refund_told(self, payment_id, amount, custom_id):
        resource = {
            "id": "1JU08902781691411",
            "amount": {"value": amount, "currency_code": "USD"},
            "custom_id": custom_id,
        }
        return self.webhook("PAYMENT.CAPTURE.REFUNDED", resource)

    def webhook(self, kind, resource):
        said = {"id": f"WH-{self.sent}", "event_type": kind, "resource": resource}
        body = json.dumps(said, indent=1).encode()
        self.sent += 1
        transmission = f"69cd13f0-d67a-11e5-baa3-{self.sent:012}"
        return Callback(
            body,
            {
                "paypal-auth-algo": "SHA256withRSA",
                "paypal-cert-url": "https://api.paypal.com/v1/notifications/certs/CERT-360caa42",
                "paypal-transmission-id": transmission,
                "paypal-transmission-sig": self.signature(transmission, body),
                "paypal-transmission-time": "2026-11-27T10:00:00Z",
            },
        )

    def acknowledgement(self, callback, *, accepted):
        return b"{}"


def _said(said, status=200):
    return Answer(json.dumps(said).encode(), status)


def _refused(status, name, issue):
    return _said({"name": name, "message": "No.", "details": [{"issue": issue}]}, status)
