"""A payment's half hour, and how it ends."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing.gateways import sandbox
from billing.models import Payment, PaymentEvent
from billing.payments import receiving, starting
from billing.payments.receiving import BadCallback
from billing.tests.sandbox_payer import absent_freedompay, hear, told
from billing.tests.test_ledger import at_once
from orders import settling


@pytest.fixture
def payment(timur):
    return starting.start_topup(timur, Decimal(500))


def pass_time(**ago):
    """Let everything about payments have happened so long ago."""
    ago = timedelta(**ago)
    for row in Payment.objects.all():
        times = {"created_at": row.created_at - ago, "expires_at": row.expires_at - ago}
        if row.next_query_at:
            times["next_query_at"] = row.next_query_at - ago
        Payment.objects.filter(pk=row.pk).update(**times)


def status_after(payment, **ago):
    pass_time(**ago)
    settling.settle_due()
    payment.refresh_from_db()
    return payment.status


def test_it_is_over_after_half_an_hour_and_not_a_second_before(payment):
    assert status_after(payment, minutes=29, seconds=50) == "pending"
    assert status_after(payment, seconds=11) == "expired"
    assert payment.next_query_at is None


def test_what_was_paid_is_found_by_the_last_query(payment, timur):
    sandbox.decide(payment.pk, Decimal(500), sandbox.Decision.PAY)

    assert status_after(payment, minutes=31) == "succeeded"
    timur.refresh_from_db()
    assert timur.balance == Decimal(500)


def test_so_is_a_success_that_got_lost_after_a_refused_card(payment):
    hear(payment, "failed")
    sandbox.decide(payment.pk, Decimal(500), sandbox.Decision.PAY)

    assert status_after(payment, minutes=31) == "succeeded"


def test_what_is_decided_is_asked_about_once_more_and_never_again(payment):
    hear(payment, "failed")

    assert status_after(payment, minutes=31) == "failed"
    assert payment.next_query_at is None


def test_a_payment_the_gateway_never_heard_of_is_over_too(timur, settings):
    created = starting.create_topup(timur, Decimal(500))

    assert status_after(created, minutes=31) == "expired"


def test_a_gateway_that_does_not_answer_is_asked_for_a_day(timur, settings):
    absent_freedompay(settings)
    created = starting.create_topup(timur, Decimal(500))

    assert status_after(created, minutes=31) == "created"
    assert created.next_query_at > timezone.now()
    assert status_after(created, hours=23) == "created"
    assert status_after(created, hours=1) == "expired"


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_ask_about_each_payment_once(timur):
    payments = [starting.start_topup(timur, Decimal(500)) for _ in range(5)]
    for payment in payments:
        sandbox.decide(payment.pk, Decimal(500), sandbox.Decision.PAY)
    pass_time(minutes=31)

    at_once(3, lambda _: settling.settle_due())

    assert set(Payment.objects.values_list("status", flat=True)) == {"succeeded"}
    assert PaymentEvent.objects.count() == 5


def test_forged_messages_are_forgotten_after_a_month(payment):
    forged = told(payment, "succeeded")
    for _ in range(2):
        with pytest.raises(BadCallback):
            settling.receive("sandbox", type(forged)(b"x", forged.headers))
    newest = PaymentEvent.objects.latest("pk")
    old = PaymentEvent.objects.exclude(pk=newest.pk)
    old.update(created_at=timezone.now() - timedelta(days=31))

    receiving.forget_forgeries()

    assert PaymentEvent.objects.get() == newest
