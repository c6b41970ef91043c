"""ePay of Halyk Bank as epayment.kz describes it: a token for a step, bills, a bare postLink."""

import json
from decimal import Decimal

from billing.gateways.base import Callback
from billing.tests.gateways.fake_server import Answer, Bill, FakeServer

CLIENT, SECRET = "leema", "hb-secret-1f"
USERNAME, PASSWORD = "shop@example.kz", "hb-password"
SHOP, TERMINAL = "04f25a4b-shop", "67e34d63-terminal"


class FakeHalyk(FakeServer):
    signs_amounts = False

    def __init__(self):
        super().__init__()
        self.tokens = {}
        self.secret_hashes = {}

    def settings(self):
        return {
            "HALYK_OAUTH_URL": f"{self.url}/oauth2/token",
            "HALYK_API_URL": self.url,
            "HALYK_CLIENT_ID": CLIENT,
            "HALYK_CLIENT_SECRET": SECRET,
            "HALYK_USERNAME": USERNAME,
            "HALYK_PASSWORD": PASSWORD,
            "HALYK_SHOP_ID": SHOP,
            "HALYK_TERMINAL_ID": TERMINAL,
        }

    def answer(self, asked):
        if asked.path == "/oauth2/token":
            return self.token(asked.form)
        if asked.path.startswith("/bill/"):
            return Answer(b"<h1>Pay</h1>", content_type="text/html")
        grant = self.tokens.pop(asked.headers["Authorization"].removeprefix("Bearer "), None)
        if grant is None:
            return _said({"code": 401, "message": "unauthorized"}, 401)
        if asked.path == "/invoice":
            assert grant["grant_type"] == "password"
            return self.started(asked.json, grant)
        assert grant["terminal"] == TERMINAL
        if asked.path.startswith("/check-status/payment/transaction/"):
            return self.status(asked.path.rpartition("/")[2])
        return self.refunded(asked.path.split("/")[2], asked.query)

    def token(self, said):
        assert (said["client_id"], said["client_secret"]) == (CLIENT, SECRET)
        if said["grant_type"] == "password":
            assert (said["username"], said["password"]) == (USERNAME, PASSWORD)
        number = f"TOKEN{len(self.asked)}"
        self.tokens[number] = said
        return _said({"access_token": number, "expires_in": "900", "token_type": "Bearer"})

    def started(self, said, grant):
        invoice = said["invoice_id"]
        assert invoice.isdigit()
        assert 6 <= len(invoice) <= 15
        assert said["shop_id"] == SHOP
        assert isinstance(said["amount"], int | float)
        self.secret_hashes[invoice] = grant["secret_hash"]
        amount = Decimal(str(said["amount"]))
        self.bills[invoice] = Bill(invoice, amount, said["currency"], f"af2089fe-{invoice}")
        return _said({"id": f"INV-{invoice}", "invoice_url": f"{self.url}/bill/{invoice}"})

    def status(self, invoice):
        bill = self.bills.get(invoice)
        if bill is None or bill.state == "new":
            return _said({"resultCode": "102", "resultMessage": "INVOICE_NOT_FOUND"})
        names = {"paid": "CHARGE" if bill.rest else "REFUND", "declined": "REJECT"}
        transaction = {
            "id": bill.external_id,
            "invoiceID": invoice,
            "amount": float(bill.paid or bill.amount),
            "currency": bill.currency,
            "statusName": names[bill.state],
        }
        code, text = ("100", "SUCCESS") if bill.state == "paid" else ("101", "REJECT")
        return _said({"resultCode": code, "resultMessage": text, "transaction": transaction})

    def refunded(self, number, said):
        (bill,) = (one for one in self.bills.values() if one.external_id == number)
        amount = Decimal(said["amount"])
        if not 0 < amount <= bill.rest:
            return _said({"code": 100, "message": "amount is too large"}, 400)
        bill.refunds[said["externalID"]] = amount
        return Answer(b"")

    def pay(self, payment_id, amount=None):
        bill = self.bills[str(payment_id).zfill(6)]
        bill.state, bill.paid = "paid", amount or bill.amount
        return [self.post_link(bill, "ok", "success", bill.paid)]

    def decline(self, payment_id):
        bill = self.bills[str(payment_id).zfill(6)]
        bill.state = "declined"
        return [self.post_link(bill, "error", "insufficient funds", bill.amount)]

    def post_link(self, bill, code, reason, amount):
        said = {
            "id": bill.external_id if code == "ok" else f"{bill.external_id}-refused",
            "invoiceId": bill.payment,
            "amount": float(amount),
            "currency": bill.currency,
            "code": code,
            "reason": reason,
            "cardMask": "400303...9821",
            "secret_hash": self.secret_hashes[bill.payment],
        }
        return Callback(json.dumps(said).encode(), {"Content-Type": "application/json"})

    def acknowledgement(self, callback, *, accepted):
        return b"{}"


def _said(said, status=200):
    return Answer(json.dumps(said).encode(), status)
