"""From the balance back to the card that paid."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing import ledger
from billing.gateways import sandbox
from billing.models import Payment, Transaction
from billing.payments import refunding, starting
from billing.tests.sandbox_payer import absent_freedompay, hear, paid
from billing.tests.test_ledger import at_once
from core.models import AuditEntry
from orders import settling


@pytest.fixture
def payment(timur):
    """500 ₸ that have come."""
    return paid(timur)


def refund(client, payment, amount):
    return client.post(f"/api/v1/payments/{payment.pk}/refund", {"amount": amount})


def balance(user):
    user.refresh_from_db()
    return user.balance


def held():
    legs = Transaction.objects.filter(system_account="refund_hold")
    return sum(legs.values_list("amount", flat=True))


def spend(user, amount):
    ledger.transfer(
        "test:spend",
        Transaction.Type.ADJUSTMENT,
        Decimal(amount),
        source=user,
        target=Transaction.Account.ADJUSTMENT,
    )


def test_all_of_it_goes_back(as_timur, timur, payment):
    response = refund(as_timur, payment, 500)

    assert (response.status_code, response.json()["status"]) == (200, "refunded")
    assert response.json()["refunded_amount"] == 500
    assert (balance(timur), held()) == (0, 0)


def test_parts_of_it_go_back_one_after_the_other(as_timur, timur, payment):
    assert refund(as_timur, payment, 200).json()["status"] == "succeeded"
    assert balance(timur) == Decimal(300)

    too_much = refund(as_timur, payment, 300.01)

    assert (too_much.status_code, too_much.json()["code"]) == (422, "refund_too_large")
    assert refund(as_timur, payment, 300).json()["status"] == "refunded"
    assert balance(timur) == 0


def test_what_is_spent_does_not_go_back(as_timur, timur, payment):
    spend(timur, 400)

    response = refund(as_timur, payment, 101)

    assert (response.status_code, response.json()["code"]) == (402, "insufficient_funds")
    payment.refresh_from_db()
    assert (payment.status, balance(timur)) == ("succeeded", Decimal(100))


def test_what_has_not_come_does_not_go_back(as_timur, timur):
    waiting = starting.start_topup(timur, Decimal(500))

    response = refund(as_timur, waiting, 100)

    assert (response.status_code, response.json()["code"]) == (409, "transition_not_allowed")
    assert response.json()["allowed"] == ["cancel"]


def test_what_the_gateway_refuses_is_on_the_balance_again(as_timur, timur, payment):
    sandbox.decide(payment.pk, Decimal(0), sandbox.Decision.DECLINE)  # it knows of no money

    response = refund(as_timur, payment, 500)

    assert response.json()["status"] == "succeeded"
    assert (balance(timur), held()) == (Decimal(500), 0)
    assert payment.refunds.get().status == "failed"


def lost(payment, settings):
    """The payment, whose refund was asked for and never answered."""
    offered = settings.PAYMENT_GATEWAYS
    Payment.objects.update(provider="freedompay")
    absent_freedompay(settings)
    payment.refresh_from_db()
    refunding.refund(payment, Decimal(500))
    settings.PAYMENT_GATEWAYS = offered
    payment.refresh_from_db()
    return payment


def test_without_an_answer_it_is_on_its_way(timur, payment, settings):
    lost(payment, settings)

    assert payment.status == "refund_pending"
    assert (balance(timur), held()) == (0, Decimal(500))
    assert payment.refunds.get().status == "pending"


def test_a_gateway_that_gives_once_is_asked_again(timur, payment, settings):
    lost(payment, settings)
    Payment.objects.update(provider="sandbox", next_query_at=timezone.now())

    settling.settle_due()

    payment.refresh_from_db()
    assert (payment.status, balance(timur), held()) == ("refunded", 0, 0)


def test_one_that_does_not_is_not(timur, payment, settings, published):
    lost(payment, settings)
    Payment.objects.update(next_query_at=timezone.now())
    payment.refunds.update(created_at=timezone.now() - timedelta(days=2))

    with published() as events:
        settling.settle_due()

    payment.refresh_from_db()
    assert (payment.status, payment.next_query_at) == ("refund_pending", None)
    assert [(who, data["what"]) for who, _, data in events] == [("admins", "refund_unclear")]


def test_the_gateways_message_ends_it(timur, payment, settings):
    lost(payment, settings)
    Payment.objects.update(provider="sandbox")

    assert hear(payment, "refunded").status == "refunded"
    assert held() == 0


def test_its_own_message_about_a_refund_that_is_done_changes_nothing(timur, payment, published):
    refunding.refund(payment, Decimal(200))

    with published() as events:
        assert hear(payment, "refunded", amount=200).status == "succeeded"

    assert events == []
    assert balance(timur) == Decimal(300)


def test_money_that_went_back_without_our_asking_is_for_administrators(payment, published):
    with published() as events:
        hear(payment, "refunded", amount=500)

    assert [(who, kind) for who, kind, _ in events] == [("admins", "payment_is_odd")]


def test_an_administrator_pays_back_on_behalf(payment, timur, admin):
    refunding.refund(payment, Decimal(500), by=admin)

    assert balance(timur) == 0
    assert payment.refunds.get().actor == f"admin:{admin.pk}"
    assert AuditEntry.objects.latest("pk").action == "payment.refund"


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_goes_back(timur):
    payment = paid(timur)

    outcomes = at_once(8, lambda _: refunding.refund(payment, Decimal(500)))

    assert outcomes.count("Payment") == 1
    payment.refresh_from_db()
    assert (payment.status, balance(timur), held()) == ("refunded", 0, 0)
