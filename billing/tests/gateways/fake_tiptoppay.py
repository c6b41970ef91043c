"""TipTop Pay as developers.tiptoppay.kz describes it: Basic auth, JSON, Content-HMAC."""

import base64
import hashlib
import hmac
import json
from decimal import Decimal
from urllib.parse import urlencode

from billing.gateways.base import Callback
from billing.tests.gateways.fake_server import Answer, Bill, FakeServer

PUBLIC_ID, SECRET = "pk_test1", "ttp-secret-77aa"
CREATED = "2026-11-26T19:30:00"  # UTC: half past midnight of the 27th in Almaty


class FakeTipTopPay(FakeServer):
    def __init__(self):
        super().__init__()
        self.attempts = []
        self.answered = {}

    def settings(self):
        return {
            "TIPTOPPAY_URL": self.url,
            "TIPTOPPAY_PUBLIC_ID": PUBLIC_ID,
            "TIPTOPPAY_API_SECRET": SECRET,
        }

    def answer(self, asked):
        if asked.path.startswith("/d/"):
            return Answer(b"<h1>Pay</h1>", content_type="text/html")
        basic = base64.b64encode(f"{PUBLIC_ID}:{SECRET}".encode()).decode()
        if asked.headers["Authorization"] != f"Basic {basic}":
            return Answer(b"", 401)
        request_id = asked.headers["X-Request-ID"]
        if request_id in self.answered:
            return self.answered[request_id]
        answer = Answer(
            json.dumps(
                {
                    "/orders/create": self.started,
                    "/payments/find": self.found,
                    "/payments/refund": self.refunded,
                    "/payments/list": self.listed,
                }[asked.path](asked.json)
            ).encode()
        )
        if request_id:
            self.answered[request_id] = answer
        return answer

    def started(self, said):
        assert isinstance(said["Amount"], int | float)
        number = f"f2K8LV{said['InvoiceId']}"
        amount = Decimal(str(said["Amount"]))
        self.bills[said["InvoiceId"]] = Bill(said["InvoiceId"], amount, said["Currency"], number)
        return _yes({"Id": number, "Url": f"{self.url}/d/{number}", "Status": "Created"})

    def found(self, said):
        attempts = [one for one in self.attempts if one["InvoiceId"] == said["InvoiceId"]]
        if not attempts:
            return {"Success": False, "Message": "Not found"}
        last = attempts[-1]
        if last["Status"] == "Completed":
            return _yes(last)
        return {"Success": False, "Message": None, "Model": last}  # as a declined charge answers

    def refunded(self, said):
        (paid,) = (one for one in self.attempts if one["TransactionId"] == said["TransactionId"])
        bill, amount = self.bills[paid["InvoiceId"]], Decimal(str(said["Amount"]))
        if not 0 < amount <= bill.rest:
            return {"Success": False, "Message": "Amount is too large"}
        number = 800 + len(bill.refunds)
        bill.refunds[str(number)] = amount
        return _yes({"TransactionId": number})

    def listed(self, said):
        if said["Date"] != CREATED[:10]:
            return _yes([])
        refunds = [
            self.row(int(number), bill.payment, amount, "Completed", kind=1)
            for bill in self.bills.values()
            for number, amount in bill.refunds.items()
        ]
        return _yes([*self.attempts, *refunds])

    def row(self, number, invoice, amount, status, kind=0):
        return {
            "TransactionId": number,
            "InvoiceId": invoice,
            "Amount": float(amount),
            "Currency": "KZT",
            "Status": status,
            "Type": kind,
            "CreatedDateIso": CREATED,
        }

    def attempt(self, bill, amount, status):
        row = self.row(4_000 + len(self.attempts), bill.payment, amount, status)
        self.attempts.append(row)
        return row

    def pay(self, payment_id, amount=None):
        bill = self.bills[str(payment_id)]
        bill.paid = amount or bill.amount
        row = self.attempt(bill, bill.paid, "Completed")
        return [self.notice("check", row), self.notice("pay", row, AuthCode="A1B2C3")]

    def decline(self, payment_id):
        bill = self.bills[str(payment_id)]
        row = self.attempt(bill, bill.amount, "Declined")
        return [self.notice("fail", row, Reason="InsufficientFunds", ReasonCode="5051")]

    def notice(self, name, row, **more):
        said = {
            "TransactionId": row["TransactionId"],
            "Amount": f"{row['Amount']:.2f}",
            "Currency": row["Currency"],
            "DateTime": "2026-11-27 10:00:00",
            "CardFirstSix": "411111",
            "TestMode": "0",
            "Status": "Completed",
            "OperationType": "Payment",
            "InvoiceId": row["InvoiceId"],
            "Name": "AIGERIM Ә",
            **more,
        }
        body = urlencode(said).encode()
        signature = base64.b64encode(hmac.digest(SECRET.encode(), body, hashlib.sha256)).decode()
        return Callback(body, {"content-hmac": signature}, query=f"notice={name}")

    def acknowledgement(self, callback, *, accepted):
        return b'{"code":0}' if accepted else b'{"code":13}'


def _yes(model):
    return {"Success": True, "Message": None, "Model": model}
