"""The payer in front of the sandbox's page, and payments that have come."""

import json
from decimal import Decimal

from billing.gateways import sandbox
from billing.gateways.base import Callback
from billing.gateways.sandbox import Decision
from billing.models import Payment
from billing.payments import starting
from orders import settling


def told(payment, status, *, amount=None, event=""):
    """The sandbox's signed message about the payment."""
    said = json.loads(sandbox.message(payment.pk, Decimal(amount or payment.amount), status))
    body = json.dumps(said | ({"event": f"{payment.pk}:{event}"} if event else {})).encode()
    return Callback(body, {"Sandbox-Signature": sandbox.sign(body)})


def hear(payment, *statuses, **about):
    """The payment after these messages, in this order."""
    for status in statuses:
        settling.receive("sandbox", told(payment, status, **about))
    return Payment.objects.get(pk=payment.pk)


def decide(payment, decision):
    """The payment after what the payer did on the page."""
    for message in sandbox.decide(payment.pk, payment.amount, Decision(decision)):
        settling.receive("sandbox", message)
    return Payment.objects.get(pk=payment.pk)


def paid(owner, amount=500):
    """A top-up that has come."""
    return decide(starting.start_topup(owner, Decimal(amount)), "pay")


def absent_freedompay(settings):
    """Let the only gateway be one that nobody answers for."""
    settings.PAYMENT_GATEWAYS = ["freedompay"]
    settings.FREEDOMPAY_URL = "http://127.0.0.1:1"
    settings.FREEDOMPAY_MERCHANT_ID = settings.FREEDOMPAY_SECRET_KEY = "x"
