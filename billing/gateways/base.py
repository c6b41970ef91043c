"""What a payment gateway is."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


class BadSignature(Exception):
    """The message does not come from the gateway; nothing in it may be believed."""


@dataclass(frozen=True, slots=True)
class GatewayEvent:
    """A verified message of a gateway about one payment; `amount` in KZT."""

    key: str
    payment_id: int
    amount: Decimal
    currency: str
    succeeded: bool


class Gateway(Protocol):
    def pay_page(self, payment_id: int) -> str:
        """The address where the payer pays."""
        ...

    def parse(self, body: bytes, signature: str) -> GatewayEvent:
        """Read a callback; BadSignature unless the gateway signed exactly these bytes."""
        ...
