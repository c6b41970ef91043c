"""Our books beside the gateways': every payment of a day that the two tell differently."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from billing import gateways
from billing.gateways.base import GatewayRefused, Outcome, ReportLine
from billing.models import Payment
from billing.models.payments import PAID
from billing.payments import receiving


@dataclass(frozen=True, slots=True)
class Difference:
    """One payment that is told differently; `payment_id` is 0 where we know none."""

    provider: str
    payment_id: int
    what: str

    def __str__(self) -> str:
        return f"{self.provider} payment {self.payment_id}: {self.what}"


def differences(day: date) -> Iterator[Difference]:
    """Compare the payments of the day, an Almaty one, with every gateway that is on.

    May ask gateways about many payments; raises GatewayUnavailable.
    """
    for provider in gateways.offered():
        yield from _of_gateway(provider, day)


def _of_gateway(provider: str, day: date) -> Iterator[Difference]:
    lines = _report(provider, day)
    told: dict[int, list[ReportLine]] = {}
    for line in lines:
        told.setdefault(line.payment_id, []).append(line)
    ours = Payment.objects.filter(provider=provider)
    of_the_day = Q(created_at__date=day) | Q(paid_at__date=day) | Q(pk__in=told)
    known = {payment.pk: payment for payment in ours.filter(of_the_day)}
    for pk in sorted(known.keys() | told.keys()):
        payment = known.get(pk)
        what = _unknown(told[pk]) if payment is None else _difference(payment, told.get(pk))
        if what:
            yield Difference(provider, pk, what)


def _report(provider: str, day: date) -> list[ReportLine]:
    """Empty where the gateway has no reports; then it is asked about each payment."""
    try:
        return gateways.load(provider).report(day)
    except GatewayRefused:
        return []


def _unknown(lines: list[ReportLine]) -> str:
    paid = [line for line in lines if line.outcome == Outcome.SUCCEEDED]
    return f"paid there ({_sum(paid)}), not known here" if paid else ""


def _difference(payment: Payment, lines: list[ReportLine] | None) -> str:
    lines = lines if lines is not None else _asked(payment)
    paid = [line for line in lines if line.outcome == Outcome.SUCCEEDED]
    back = [line for line in lines if line.outcome == Outcome.REFUNDED]
    is_paid_here = payment.status in PAID
    if len(paid) > 1:
        return f"paid {len(paid)} times there ({_sum(paid)})"
    if paid and not is_paid_here:
        return f"paid there ({_sum(paid)}), {payment.status} here"
    if is_paid_here and not (paid or back):
        return f"{payment.status} here, not paid there"
    if paid and (paid[0].amount, paid[0].currency) != (payment.paid_amount, payment.currency):
        return f"{_sum(paid)} there, {payment.paid_amount} {payment.currency} here"
    if back and not _goes_back_here(payment):
        return f"paid back there ({_sum(back)}), {payment.status} here"
    return ""


def _goes_back_here(payment: Payment) -> bool:
    return payment.refunded_amount > 0 or payment.status == Payment.Status.REFUND_PENDING


def _asked(payment: Payment) -> list[ReportLine]:
    """The gateway's word about one payment; [] when it knows none."""
    if payment.status == Payment.Status.CREATED:
        return []  # it was never told of it
    try:
        event = receiving.ask(payment).event
    except GatewayRefused:
        return []
    return [ReportLine(event.external_id, payment.pk, event.amount, event.currency, event.outcome)]


def _sum(lines: list[ReportLine]) -> str:
    return ", ".join(f"{line.amount} {line.currency}" for line in lines)
