"""Our books beside the gateway's."""

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone

from billing.gateways import sandbox
from billing.models import Payment
from billing.payments import expiring, refunding, starting
from billing.tests.sandbox_payer import absent_freedompay, paid


def reconciled():
    return call_command("reconcile_payments", day=timezone.localdate())


@pytest.fixture
def payments(timur):
    """One that came, one that came and went back in part, one cancelled, one still open."""
    refunding.refund(paid(timur), Decimal(100))
    expiring.cancel(starting.start_topup(timur, Decimal(300)))
    starting.start_topup(timur, Decimal(200))
    return [paid(timur)]


def test_books_that_agree(payments):
    assert reconciled().startswith("Every payment of")


def test_money_that_we_never_heard_of(payments, timur):
    payment = starting.start_topup(timur, Decimal(500))
    expiring.cancel(payment)
    sandbox.decide(payment.pk, Decimal(500), sandbox.Decision.PAY)

    with pytest.raises(CommandError) as difference:
        reconciled()

    expected = f"sandbox payment {payment.pk}: paid there (500 KZT), cancelled here"
    assert str(difference.value) == expected


def test_money_that_never_came(payments):
    cache.set(f"sandbox:{payments[0].pk}", ("failed", Decimal(500)))

    with pytest.raises(CommandError, match="succeeded here, not paid there"):
        reconciled()


def test_another_amount(payments):
    cache.set(f"sandbox:{payments[0].pk}", ("succeeded", Decimal(499)))

    with pytest.raises(CommandError, match=r"499 KZT there, 500\.00 KZT here"):
        reconciled()


def test_money_that_went_back_without_us(payments):
    cache.set(f"sandbox:{payments[0].pk}", ("refunded", Decimal(500)))

    with pytest.raises(CommandError, match="paid back there"):
        reconciled()


def test_a_gateway_that_does_not_answer(payments, settings):
    absent_freedompay(settings)
    Payment.objects.update(provider="freedompay")

    with pytest.raises(CommandError, match="does not answer"):
        reconciled()
