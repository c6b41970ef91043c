"""Freedom Pay as docs.freedompay.kz describes it: pg_sig over sorted values, XML answers."""

import hashlib
from decimal import Decimal
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from billing.gateways.base import Callback
from billing.tests.gateways.fake_server import Answer, Bill, FakeServer

MERCHANT, SECRET = "560001", "fp-secret-9c2e"


def signature(script, values, secret=SECRET):
    return hashlib.md5(";".join([script, *values, secret]).encode()).hexdigest()


def values(fields):
    """The values in the order of their names; a nested dictionary in its place."""
    found = []
    for _name, value in sorted(fields.items()):
        found += values(value) if isinstance(value, dict) else [value]
    return found


def document(script, fields):
    fields = {**fields, "pg_salt": "answer-salt"}
    fields["pg_sig"] = signature(script, values(fields))
    root = ET.Element("response")
    _fill(root, fields)
    return Answer(
        ET.tostring(root, encoding="utf-8", xml_declaration=True), content_type="text/xml"
    )


def _fill(element, fields):
    for name, value in fields.items():
        child = ET.SubElement(element, name)
        if isinstance(value, dict):
            _fill(child, value)
        else:
            child.text = value


class FakeFreedomPay(FakeServer):
    empty = b"<response/>"

    def settings(self):
        return {
            "FREEDOMPAY_URL": self.url,
            "FREEDOMPAY_MERCHANT_ID": MERCHANT,
            "FREEDOMPAY_SECRET_KEY": SECRET,
        }

    def answer(self, asked):
        if asked.path.startswith("/pay/"):
            return Answer(b"<h1>Pay</h1>", content_type="text/html")
        script, said = asked.path[1:], asked.form
        if said.pop("pg_sig") != signature(script, values(said)):
            return self.error(script, "9998", "Wrong signature")
        assert said["pg_merchant_id"] == MERCHANT
        assert said["pg_salt"]
        return {
            "init_payment.php": self.started,
            "get_status3.php": self.status,
            "revoke.php": self.refunded,
        }[script](script, said)

    def error(self, script, code, text):
        fields = {"pg_status": "error", "pg_error_code": code, "pg_error_description": text}
        return document(script, fields)

    def started(self, script, said):
        payment, amount = said["pg_order_id"], Decimal(said["pg_amount"])
        number = str(700_000 + int(payment))
        self.bills[payment] = Bill(payment, amount, said["pg_currency"], number)
        self.result_script = said["pg_result_url"].rpartition("/")[2]
        fields = {
            "pg_status": "ok",
            "pg_payment_id": number,
            "pg_redirect_url": f"{self.url}/pay/{number}",
            "pg_redirect_url_type": "need data",
        }
        return document(script, fields)

    def status(self, script, said):
        found = [bill for bill in self.bills.values() if bill.external_id == said["pg_payment_id"]]
        if not found:
            return self.error(script, "340", "Transaction not found")
        (bill,) = found
        states = {"new": "new", "paid": "success", "declined": "error"}
        fields = {
            "pg_status": "ok",
            "pg_payment_id": bill.external_id,
            "pg_order_id": bill.payment,
            "pg_amount": str(bill.paid or bill.amount),
            "pg_currency": bill.currency,
            "pg_payment_status": states[bill.state],
            "pg_captured": "1" if bill.paid else "0",
        }
        if bill.refunds:
            fields["pg_refund_amount"] = str(bill.rest - bill.paid)
            fields["pg_refund_payments"] = {
                f"pg_refund_payment_{key}": {"pg_amount": str(-amount), "pg_payment_id": key}
                for key, amount in bill.refunds.items()
            }
        return document(script, fields)

    def refunded(self, script, said):
        (bill,) = (one for one in self.bills.values() if one.external_id == said["pg_payment_id"])
        amount = Decimal(said["pg_refund_amount"]) or bill.rest
        if not 0 < amount <= bill.rest:
            return self.error(script, "160", "Refund amount is too large")
        bill.refunds[str(900_000 + len(bill.refunds))] = amount
        return document(script, {"pg_status": "ok"})

    def pay(self, payment_id, amount=None):
        bill = self.bills[str(payment_id)]
        bill.state, bill.paid = "paid", amount or bill.amount
        return [self.result(bill, "1", bill.paid)]

    def decline(self, payment_id):
        bill = self.bills[str(payment_id)]
        bill.state = "declined"
        return [self.result(bill, "0", bill.amount)]

    def result(self, bill, result, amount):
        said = {
            "pg_order_id": bill.payment,
            "pg_payment_id": bill.external_id,
            "pg_amount": str(amount),
            "pg_currency": bill.currency,
            "pg_net_amount": str(amount),
            "pg_description": "Пополнение, 1 & 2",
            "pg_result": result,
            "pg_payment_date": "2026-11-27 10:00:00",
            "pg_can_reject": "1",
            "pg_captured": result,
            "pg_testing_mode": "0",
            "pg_salt": "callback-salt",
        }
        said["pg_sig"] = signature(self.result_script, values(said))
        return Callback(
            urlencode(said).encode(), {"content-type": "application/x-www-form-urlencoded"}
        )

    def acknowledgement(self, callback, *, accepted):
        status = "ok" if accepted else "rejected"
        sig = signature("callback", ["callback-salt", status])
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n'
            f"<response><pg_salt>callback-salt</pg_salt><pg_status>{status}</pg_status>"
            f"<pg_sig>{sig}</pg_sig></response>"
        ).encode()
