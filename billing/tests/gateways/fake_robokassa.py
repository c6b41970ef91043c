"""Robokassa as docs.robokassa.kz describes it: signed links, OpStateExt, refunds by JWT."""

import base64
import hashlib
import hmac
import json
from decimal import Decimal
from urllib.parse import urlencode

from billing.gateways.base import Callback
from billing.tests.gateways.fake_server import Answer, Bill, FakeServer

LOGIN, PAGE, RESULT, REFUND = "leema", "page-pass-1", "result-pass-2", "refund-pass-3"
STATE = """<?xml version="1.0" encoding="utf-8"?>
<OperationStateResponse xmlns="http://merchant.roboxchange.com/WebService/">
<Result><Code>{result}</Code></Result>{state}</OperationStateResponse>"""
FOUND = """<State><Code>{code}</Code><StateDate>2026-11-27T10:00:00.0000000</StateDate></State>
<Info><IncSum>{amount}0000</IncSum><OutSum>{amount}0000</OutSum><OpKey>{key}</OpKey></Info>"""


def hashed(*parts):
    return hashlib.sha256(":".join(parts).encode()).hexdigest()


class FakeRobokassa(FakeServer):
    tells_declines = False

    def __init__(self):
        super().__init__()
        self.refund_label = "finished"
        self.requests = {}

    def settings(self):
        return {
            "ROBOKASSA_URL": self.url,
            "ROBOKASSA_REFUND_URL": self.url,
            "ROBOKASSA_LOGIN": LOGIN,
            "ROBOKASSA_PAGE_PASSWORD": PAGE,
            "ROBOKASSA_RESULT_PASSWORD": RESULT,
            "ROBOKASSA_REFUND_PASSWORD": REFUND,
            "ROBOKASSA_HASH": "sha256",
        }

    def answer(self, asked):
        return {
            "/Merchant/Index.aspx": self.page,
            "/Merchant/WebService/Service.asmx/OpStateExt": self.state,
            "/RefundService/Refund/Create": self.refunded,
            "/RefundService/Refund/GetState": self.refund_state,
        }[asked.path](asked)

    def page(self, asked):
        said = asked.query
        amount, payment = said["OutSum"], said["InvId"]
        if said["SignatureValue"] != hashed(said["MerchantLogin"], amount, payment, PAGE):
            return Answer(b"29", 500)
        self.bills.setdefault(payment, Bill(payment, Decimal(amount), "KZT", f"OP-{payment}"))
        return Answer(b"<h1>Pay</h1>", content_type="text/html")

    def state(self, asked):
        payment = asked.query["InvoiceID"]
        if asked.query["Signature"] != hashed(LOGIN, payment, RESULT):
            return Answer(STATE.format(result=1, state="").encode(), content_type="text/xml")
        bill = self.bills.get(payment)
        if bill is None:
            return Answer(STATE.format(result=3, state="").encode(), content_type="text/xml")
        code = {"new": 5, "declined": 10, "paid": 100}[bill.state]
        amount = (bill.paid or bill.amount).quantize(Decimal("0.01"))
        found = FOUND.format(code=code, amount=amount, key=bill.external_id if bill.paid else "")
        return Answer(STATE.format(result=0, state=found).encode(), content_type="text/xml")

    def refunded(self, asked):
        signed, _, signature = asked.body.rpartition(b".")
        expected = base64.urlsafe_b64encode(hmac.digest(REFUND.encode(), signed, hashlib.sha256))
        assert signature == expected.rstrip(b"=")
        payload = signed.partition(b".")[2]
        said = json.loads(base64.urlsafe_b64decode(payload + b"==="), parse_float=Decimal)
        (bill,) = (one for one in self.bills.values() if one.external_id == said["OpKey"])
        amount = Decimal(said["RefundSum"]) if "RefundSum" in said else bill.paid
        if not 0 < amount <= bill.rest:
            refusal = {"success": False, "message": "NotEnoughOperationFunds", "requestId": None}
            return Answer(json.dumps(refusal).encode(), 400)
        number = f"68cd7fa6-{len(self.requests)}"
        self.requests[number] = bill.refunds[number] = amount
        answer = {"success": True, "message": None, "requestId": number}
        return Answer(json.dumps(answer).encode())

    def refund_state(self, asked):
        number = asked.query["id"]
        said = {"requestId": number, "amount": float(self.requests[number])}
        return Answer(json.dumps({**said, "label": self.refund_label}).encode())

    def pay(self, payment_id, amount=None):
        bill = self.bills[str(payment_id)]
        bill.state, bill.paid = "paid", amount or bill.amount
        paid = f"{bill.paid:.6f}"
        said = {
            "OutSum": paid,
            "InvId": bill.payment,
            "Fee": "0.0",
            "SignatureValue": hashed(paid, bill.payment, RESULT).upper(),
        }
        return [Callback(urlencode(said).encode(), {})]

    def decline(self, payment_id):
        self.bills[str(payment_id)].state = "declined"
        return []

    def acknowledgement(self, callback, *, accepted):
        return b"OK4711" if accepted else b"ERROR"
