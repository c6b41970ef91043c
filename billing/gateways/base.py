"""What a payment gateway is. Amounts are KZT, whatever the provider itself counts in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Protocol

from billing.bank.details import BankAccount


class BadSignature(Exception):
    """The message does not come from the gateway; nothing in it may be believed."""


class GatewayUnavailable(Exception):
    """No answer, or one that says nothing: what happened is unknown; ask again later."""


class GatewayRefused(Exception):
    """The gateway understood and said no; asking again would change nothing."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text


class Outcome(StrEnum):
    """What became of a payment, as the gateway tells it."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REFUNDED = "refunded"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Bill:
    """What is to be paid, and where the payer and the gateway's messages go afterwards."""

    payment_id: int
    amount: Decimal
    currency: str
    description: str
    language: str  # ru, kk or en
    return_url: str
    callback_url: str


@dataclass(frozen=True, slots=True)
class Started:
    """Where the payer pays, and the gateway's own id ("" where it gives none before paying)."""

    pay_page: str
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Callback:
    """A request that claims to be the gateway's, as it came; header names in any case."""

    body: bytes
    headers: Mapping[str, str]
    query: str = ""  # without the question mark
    method: str = "POST"

    def header(self, name: str) -> str:
        """The value of the header, or "" where there is none."""
        named = {key.lower(): value for key, value in self.headers.items()}
        return named.get(name.lower(), "")


@dataclass(frozen=True, slots=True)
class GatewayEvent:
    """One fact about one payment; its key is the same however often the gateway tells it.

    `amount` is what was paid or, with REFUNDED, what went back. `needs_query` is true where the
    message alone is not enough, whatever its outcome: believe what fetch_status then says instead.
    """

    key: str
    payment_id: int
    external_id: str
    amount: Decimal
    currency: str
    outcome: Outcome
    needs_query: bool = False

    @property
    def succeeded(self) -> bool:
        return self.outcome == Outcome.SUCCEEDED


def untried(payment_id: int, external_id: str, currency: str = "KZT") -> GatewayEvent:
    """The answer about a payment that nobody has tried to pay yet."""
    key = f"{payment_id}:status:untried"
    return GatewayEvent(key, payment_id, external_id, Decimal(0), currency, Outcome.PENDING)


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What the gateway wants to hear back, byte for byte."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One payment as the gateway's own books show it; `payment_id` is 0 where they name none."""

    external_id: str
    payment_id: int
    amount: Decimal
    currency: str
    outcome: Outcome


class Gateway(Protocol):
    """Methods that talk to the provider raise GatewayUnavailable and GatewayRefused.

    They take up to 20 seconds, so none of them belongs inside a transaction.
    """

    name: ClassVar[str]
    refunds_once: ClassVar[bool]
    """Whether a refund asked for again with the same key is given once. Where it is not, a refund
    whose answer got lost must not be asked for again before a person has looked."""

    def has_credentials(self) -> bool:
        """Whether this deployment has what the provider needs; others are not offered."""
        ...

    def init(self, bill: Bill) -> Started:
        """Tell the provider what is to be paid."""
        ...

    def verify(self, callback: Callback) -> None:
        """BadSignature unless the gateway signed exactly this.

        PayPal's signatures are checked by PayPal: there it may also be GatewayUnavailable, which
        is to be answered with 503, so that the message comes again.
        """
        ...

    def parse(self, callback: Callback) -> GatewayEvent:
        """What a verified callback says; BadSignature for nonsense."""
        ...

    def acknowledge(self, callback: Callback, *, accepted: bool) -> Acknowledgement:
        """The answer to a verified callback.

        `accepted` means that it was taken in, also when it disagrees with what was asked: told
        that it was not, a provider sends it again or gives the payer the money back.
        """
        ...

    def fetch_status(self, payment_id: int, external_id: str) -> GatewayEvent:
        """Ask what became of the payment. Its key differs from every callback's.

        PENDING with an amount of 0 while the provider knows of no attempt to pay.
        """
        ...

    def refund(self, payment_id: int, external_id: str, amount: Decimal, *, key: str) -> Outcome:
        """Give the payer `amount` back: SUCCEEDED, or PENDING where the provider tells later."""
        ...

    def payout(self, payout_id: int, amount: Decimal, account: BankAccount) -> str:
        """Send money to an account, and return the bank's reference.

        GatewayRefused("unsupported") where the provider has no payouts.
        """
        ...

    def report(self, day: date) -> list[ReportLine]:
        """The provider's books for a day in Almaty.

        GatewayRefused("unsupported") where it has none: fetch_status of each payment then tells.
        """
        ...
