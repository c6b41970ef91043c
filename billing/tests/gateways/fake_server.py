"""What every fake payment provider has.

It checks what it is asked as the provider would, keeps what was paid and given back, and makes the
callbacks that the provider would send; a subclass says how all that is written.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from billing.gateways.base import Callback
from core.tests import fake_server
from core.tests.fake_server import GARBAGE, Answer, Asked, Mood

__all__ = ["GARBAGE", "Answer", "Asked", "Bill", "FakeServer", "Mood"]


@dataclass
class Bill:
    """What the shop asked to be paid, and what became of it."""

    payment: str
    amount: Decimal
    currency: str
    external_id: str
    state: str = "new"
    paid: Decimal = Decimal(0)
    refunds: dict[str, Decimal] = field(default_factory=dict)

    @property
    def rest(self):
        return self.paid - sum(self.refunds.values())


class FakeServer(fake_server.FakeServer):
    tells_declines: ClassVar[bool] = True
    signs_amounts: ClassVar[bool] = True

    def __init__(self):
        super().__init__()
        self.bills = {}

    def pay(self, payment_id, amount=None) -> list[Callback]:
        """The payer pays (another amount, if one is named); the callbacks about it."""
        raise NotImplementedError

    def decline(self, payment_id) -> list[Callback]:
        """The payer's bank refuses."""
        raise NotImplementedError

    def acknowledgement(self, callback: Callback, *, accepted: bool) -> bytes:
        """What this provider wants to hear."""
        raise NotImplementedError
