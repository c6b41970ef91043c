"""Administrators decide about payments in the Django admin."""

from decimal import Decimal

import pytest
from django.urls import reverse

from billing.gateways import sandbox
from billing.models import PaymentEvent
from billing.payments import expiring, starting
from billing.tests.sandbox_payer import hear, paid
from conftest import browser_of


@pytest.fixture
def reviewed(timur):
    """500 ₸ were asked for, 400 came."""
    return hear(starting.start_topup(timur, Decimal(500)), "succeeded", amount=400)


def page_of(payment):
    return reverse("admin:billing_payment_change", args=[payment.pk])


def decide(desk, payment, action, **words):
    address = reverse("admin:billing_payment_decide", args=[payment.pk, action])
    response = desk.post(address, words, follow=True)
    payment.refresh_from_db()
    return response.content.decode()


def balance(user):
    user.refresh_from_db()
    return user.balance


def test_what_came_is_put_on_the_balance(desk, reviewed, timur):
    assert (
        "Put the 400.00 ₸ that came on the balance" in desk.get(page_of(reviewed)).content.decode()
    )

    decide(desk, reviewed, "accept")

    assert (reviewed.status, reviewed.paid_amount) == ("succeeded", Decimal(400))
    assert balance(timur) == Decimal(400)


def test_or_it_is_refused_for_a_reason(desk, reviewed, timur):
    page = decide(desk, reviewed, "refuse", reason=" ")
    assert "Say why." in page
    assert reviewed.status == "needs_review"

    decide(desk, reviewed, "refuse", reason="Given back by hand")

    assert (reviewed.status, balance(timur)) == ("failed", 0)


def test_money_of_another_currency_is_not_put_on_the_balance(desk, reviewed, timur):
    PaymentEvent.objects.update(currency="USD")

    page = decide(desk, reviewed, "accept")

    assert "It came in another currency" in page
    assert (reviewed.status, balance(timur)) == ("needs_review", 0)


def test_a_part_is_paid_back(desk, timur):
    payment = paid(timur)

    decide(desk, payment, "refund", amount="120,50")

    assert (payment.status, payment.refunded_amount) == ("succeeded", Decimal("120.50"))
    assert balance(timur) == Decimal("379.50")


@pytest.mark.parametrize("amount", ["", "x", "-5", "0", "NaN", "1e99", "0.001"])
def test_a_senseless_amount_is_refused(desk, timur, amount):
    payment = paid(timur)

    assert "Say how many tenge" in decide(desk, payment, "refund", amount=amount)
    assert balance(timur) == Decimal(500)


def test_a_payment_that_came_unheard_is_found_by_asking(desk, timur):
    payment = starting.start_topup(timur, Decimal(500))
    expiring.cancel(payment)
    sandbox.decide(payment.pk, Decimal(500), sandbox.Decision.PAY)

    decide(desk, payment, "ask")

    assert (payment.status, balance(timur)) == ("succeeded", Decimal(500))


def test_an_old_second_factor_is_not_enough(admin, reviewed, timur):
    desk = browser_of(admin, shown_ago=3600)

    decide(desk, reviewed, "accept")

    assert (reviewed.status, balance(timur)) == ("needs_review", 0)


def test_what_is_no_decision_is_not_found(desk, reviewed):
    address = reverse("admin:billing_payment_decide", args=[reviewed.pk, "burn"])

    assert desk.post(address).status_code == 404
    assert desk.get(address).status_code == 405
