"""A gateway of our own for trying things: no money, but real callbacks with real signatures.

A callback is a JSON object {event, payment, amount, currency, status} whose HMAC-SHA256, in
hexadecimal, stands in the header `Sandbox-Signature`.
"""

import json
from decimal import Decimal, InvalidOperation
from typing import Literal

from django.conf import settings
from django.core import signing
from django.core.signing import Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from billing.gateways.base import BadSignature, GatewayEvent


class SandboxGateway:
    def pay_page(self, payment_id: int) -> str:
        return f"{settings.API_BASE_URL}{reverse('sandbox-pay', args=[page_key(payment_id)])}"

    def parse(self, body: bytes, signature: str) -> GatewayEvent:
        if not constant_time_compare(sign(body), signature):
            raise BadSignature
        try:
            said = json.loads(body)
            return GatewayEvent(
                key=str(said["event"]),
                payment_id=int(said["payment"]),
                amount=Decimal(str(said["amount"])),
                currency=str(said["currency"]),
                succeeded=said["status"] == "succeeded",
            )
        except (ValueError, KeyError, TypeError, InvalidOperation) as error:
            raise BadSignature from error


def page_key(payment_id: int) -> str:
    """What names a payment in its page's address, so that nobody opens the pages of others."""
    return Signer(salt="sandbox-page").sign(str(payment_id))


def payment_of(key: str) -> int:
    """The payment behind a page's key; BadSignature for a key that is not ours."""
    try:
        return int(Signer(salt="sandbox-page").unsign(key))
    except signing.BadSignature as error:
        raise BadSignature from error


def message(payment_id: int, amount: Decimal, status: Literal["succeeded", "failed"]) -> bytes:
    """What the sandbox says when the payer has decided."""
    said = {
        "event": f"{payment_id}:{status}",
        "payment": payment_id,
        "amount": str(amount),
        "currency": settings.CURRENCY,
        "status": status,
    }
    return json.dumps(said).encode()


def sign(body: bytes) -> str:
    return salted_hmac("sandbox-gateway", body, algorithm="sha256").hexdigest()
