"""What a payer decides on the sandbox's page, and the callbacks that follow."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import timezone

from billing.gateways import sandbox
from billing.gateways.base import GatewayRefused, Outcome
from billing.gateways.sandbox import Decision, SandboxGateway
from billing.models import Payment
from billing.tests.sandbox_payer import paid

ASKED = Decimal(5000)


@pytest.fixture
def payment(aigerim):
    return Payment.objects.create(user=aigerim, provider="sandbox", amount=ASKED)


def told(callbacks):
    gateway = SandboxGateway()
    for callback in callbacks:
        gateway.verify(callback)
    return [(event.key, event.outcome) for event in map(gateway.parse, callbacks)]


@pytest.mark.parametrize(
    ("decision", "arrivals"),
    [
        (Decision.PAY, ["succeeded"]),
        (Decision.DECLINE, ["failed"]),
        (Decision.PAY_LATE, ["expired", "succeeded"]),
        (Decision.PAY_TWICE, ["succeeded", "succeeded"]),
        (Decision.PAY_OUT_OF_ORDER, ["succeeded", "failed"]),
    ],
)
def test_a_decision_arrives_as(decision, arrivals):
    assert told(sandbox.callbacks(7, ASKED, decision)) == [(f"7:{name}", name) for name in arrivals]


def test_every_decision_is_known():
    assert set(sandbox.ARRIVALS) == set(Decision)


def test_a_decision_is_known_though_its_callback_got_lost(payment):
    sandbox.decide(payment.pk, ASKED, Decision.PAY)

    status = SandboxGateway().fetch_status(payment.pk, "")

    assert (status.outcome, status.amount) == (Outcome.SUCCEEDED, ASKED)
    assert payment.status == "created"


def test_without_a_memory_it_knows_what_was_booked(payment, aigerim):
    sandbox.decide(payment.pk, ASKED, Decision.DECLINE)
    booked = paid(aigerim)
    cache.clear()

    assert SandboxGateway().fetch_status(payment.pk, "").outcome == Outcome.PENDING
    assert SandboxGateway().fetch_status(booked.pk, "").outcome == Outcome.SUCCEEDED


def test_a_payment_of_nobody_is_refused(db):
    with pytest.raises(GatewayRefused):
        SandboxGateway().fetch_status(404, "")


def test_the_report_tells_the_day_in_almaty(payment, aigerim):
    late = Payment.objects.create(user=aigerim, provider="sandbox", amount=ASKED)
    Payment.objects.create(user=aigerim, provider="another", amount=ASKED)
    Payment.objects.filter(pk=payment.pk).update(created_at=datetime(2026, 11, 26, 20, tzinfo=UTC))
    Payment.objects.filter(pk=late.pk).update(created_at=datetime(2026, 11, 27, 20, tzinfo=UTC))
    for pk in (payment.pk, late.pk):
        sandbox.decide(pk, ASKED, Decision.PAY)
    day = timezone.localdate(datetime(2026, 11, 27, 10, tzinfo=UTC))

    (line,) = SandboxGateway().report(day)

    assert (line.payment_id, line.amount, line.currency) == (payment.pk, ASKED, "KZT")
    assert line.outcome == Outcome.SUCCEEDED
    assert SandboxGateway().report(day - timedelta(days=1)) == []


def test_a_refund_is_refused_for_another_amount_under_the_same_key(payment):
    sandbox.decide(payment.pk, ASKED, Decision.PAY)
    SandboxGateway().refund(payment.pk, "", Decimal(100), key="r1")

    with pytest.raises(GatewayRefused):
        SandboxGateway().refund(payment.pk, "", Decimal(200), key="r1")
