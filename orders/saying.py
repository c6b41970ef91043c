"""What somebody says with a step: a reason, an amount, photos; and whether it is enough."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from core.errors import Refusal
from orders.models import Order
from orders.transitions import Transition

NOTE_MAX = 1000  # letters
PHOTOS_MAX = 10


class Unexplained(Refusal):
    """Something is missing without which the step makes no sense; `complaints` by what it is."""

    code = "unexplained"
    status = 422

    def __init__(self, complaints: Mapping[str, str]) -> None:
        super().__init__(" ".join(complaints.values()))
        self.complaints = complaints
        self.extra = {
            "errors": [
                {"pointer": f"/{need}", "code": self.code, "detail": complaint}
                for need, complaint in complaints.items()
            ]
        }


@dataclass(frozen=True, slots=True)
class Said:
    """Said by the person or the shop of the id `by`.

    `amount` in KZT; `share` is the buyer's, above 0 and below 1; `photos` are clean JPEGs.
    """

    by: int | None = None
    reason: str = ""
    tracking_number: str = ""
    amount: Decimal | None = None
    share: Decimal | None = None
    until: date | None = None
    photos: Sequence[bytes] = ()


NOTHING = Said()


def check(order: Order, step: Transition, said: Said) -> None:
    """Unexplained unless everything is said that the step needs."""
    complaints = {need: CHECKS[need](order, said) for need in step.needs}
    missing = {need: complaint for need, complaint in complaints.items() if complaint}
    if missing:
        raise Unexplained(missing)


def about_share(order: Order, said: Said) -> str:
    """What is wrong with the share that is said; "" if it is above 0 and below 1."""
    is_part = said.share is not None and 0 < said.share < 1
    return "" if is_part else _("Say which share goes back to the buyer, between 0 and 1.")


def _reason(order: Order, said: Said) -> str:
    return "" if said.reason.strip() else _("Say why.")


def _amount(order: Order, said: Said) -> str:
    most = order.deposit_amount - order.late_fee_amount
    if (
        said.amount is not None
        and 0 <= said.amount <= most
        and said.amount == round(said.amount, 2)
    ):
        return ""
    return _("Say how much, up to the deposit of %(most)s ₸.") % {"most": most}


def _photos(order: Order, said: Said) -> str:
    if 1 <= len(said.photos) <= PHOTOS_MAX:
        return ""
    return _("Add photos of how it looks, at most %(most)d.") % {"most": PHOTOS_MAX}


def _until(order: Order, said: Said) -> str:
    later = said.until and order.rental_end_date and said.until > order.rental_end_date
    return "" if later else _("Say a later last day.")


def _nothing(order: Order, said: Said) -> str:
    return ""


CHECKS = {
    "reason": _reason,
    "amount": _amount,
    "share": about_share,
    "photos": _photos,
    "until": _until,
    "tracking_number": _nothing,
}
