"""What may become of a payment, and what its money does."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing import ledger
from billing.models import Payment, PaymentEvent
from billing.payments import expiring, starting, steps
from billing.payments.transitions import PAYMENT, Actor, Event, Money
from billing.tests.sandbox_payer import decide, hear, paid
from config.personal_data import erasure

Status = Payment.Status
# Of lifecycles.md, and as it is understood where that is silent.
TABLE = {
    ("created", "init", "pending"),
    ("created", "init_failed", "failed"),
    ("created", "succeed", "succeeded"),
    ("pending", "succeed", "succeeded"),
    ("failed", "succeed", "succeeded"),
    ("needs_review", "succeed", "succeeded"),
    ("expired", "late_succeed", "succeeded"),
    ("cancelled", "late_succeed", "succeeded"),
    *((source, "mismatch", "needs_review") for source in ("created", "pending", "failed")),
    *((source, "mismatch", "needs_review") for source in ("expired", "cancelled")),
    *((source, "fail", "failed") for source in ("created", "pending")),
    *((source, "expire", "expired") for source in ("created", "pending")),
    *((source, "cancel", "cancelled") for source in ("created", "pending")),
    ("needs_review", "accept", "succeeded"),
    ("needs_review", "refuse", "failed"),
    ("succeeded", "refund_request", "refund_pending"),
    ("refund_pending", "refund_ok", "refunded"),
    ("refund_pending", "refund_part", "succeeded"),
    ("refund_pending", "refund_fail", "succeeded"),
}


@pytest.fixture
def payment(timur):
    return starting.start_topup(timur, Decimal(500))


def balance(user):
    user.refresh_from_db()
    return user.balance


def test_the_table_is_this_one():
    assert {(step.source, step.event, step.target) for step in PAYMENT} == TABLE


def test_money_comes_in_wherever_a_payment_succeeds():
    comes_in = {step.event for step in PAYMENT if step.money is Money.IN}

    assert comes_in == {"succeed", "late_succeed", "accept"}
    assert {step.target for step in PAYMENT if step.money is Money.IN} == {"succeeded"}


def test_what_is_not_listed_is_refused(payment):
    listed = {(step.source, step.event) for step in PAYMENT}
    for status in Status:
        for event in Event:
            if (status, event) not in listed:
                payment.status = status
                for actor in Actor:
                    with pytest.raises(steps.TransitionNotAllowed):
                        steps.take(payment, event, actor, Decimal(500))
    payment.refresh_from_db()
    assert payment.status == "pending"


def test_a_success_after_a_refused_card_counts(timur, payment):
    assert hear(payment, "failed", "succeeded").status == "succeeded"
    assert balance(timur) == Decimal(500)


def test_the_refusal_of_a_first_card_that_comes_last_changes_nothing(timur, payment):
    assert decide(payment, "pay_out_of_order").status == "succeeded"
    assert balance(timur) == Decimal(500)


def test_being_told_twice_counts_once(timur, payment):
    assert decide(payment, "pay_twice").status == "succeeded"
    assert balance(timur) == Decimal(500)
    assert PaymentEvent.objects.count() == 1


def test_money_that_comes_late_is_on_the_balance_and_the_payer_is_told(timur, payment, published):
    with published() as events:
        assert decide(payment, "pay_late").status == "succeeded"

    assert balance(timur) == Decimal(500)
    [about] = [data for _, kind, data in events if kind == "notification"]
    assert (about["code"], about["payment_id"]) == ("payment_on_balance", payment.pk)


def test_after_a_cancellation_too(timur, payment):
    expiring.cancel(payment)

    assert hear(payment, "succeeded").status == "succeeded"
    assert balance(timur) == Decimal(500)


def test_a_paid_payment_is_not_cancelled(timur, payment):
    hear(payment, "succeeded")

    with pytest.raises(steps.TransitionNotAllowed) as refusal:
        expiring.cancel(payment)

    assert refusal.value.extra == {"allowed": ["refund_request"]}


def test_the_right_amount_settles_what_another_amount_left_open(timur, payment):
    assert hear(payment, "succeeded", amount=499).status == "needs_review"
    assert balance(timur) == 0

    assert hear(payment, "succeeded", event="another").status == "succeeded"
    assert balance(timur) == Decimal(500)


def test_a_second_payment_of_the_same_is_for_administrators_to_see(timur, payment, published):
    hear(payment, "succeeded")

    with published() as events:
        hear(payment, "succeeded", amount=300, event="another")

    assert balance(timur) == Decimal(500)
    assert [(who, kind) for who, kind, _ in events] == [("admins", "payment_is_odd")]


def test_money_for_a_deleted_account_waits_for_an_administrator(timur, payment):
    Payment.objects.update(created_at=timezone.now() - timedelta(days=2))
    erasure.erase(timur)

    assert hear(payment, "succeeded").status == "needs_review"


def test_a_shop_tops_up_too(atelier):
    payment = paid(atelier)

    assert payment.status == "succeeded"
    assert balance(atelier) == Decimal(500)


BREACHES = {
    "paid without an amount": {"status": "succeeded"},
    "an amount without being paid": {"paid_amount": 5},
    "no such status": {"status": "lost"},
    "paid back more than came": {"refunded_amount": 5},
    "more than there is": {"amount": 10**11},
    "a checkout without its purpose": {"purpose": "checkout"},
    "open and never asked about": {"next_query_at": None},
}


@pytest.mark.parametrize("name", BREACHES)
def test_the_database_refuses_what_may_not_be(payment, name):
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(**BREACHES[name])


@pytest.mark.parametrize("change", [{"status": "failed"}, {"paid_amount": 400}])
def test_a_status_without_its_money_is_a_breach(payment, change):
    """The negative control of the check that follows every test."""
    hear(payment, "succeeded")
    with transaction.atomic():
        changes = {"paid_amount": None, "paid_at": None} if "status" in change else {}
        Payment.objects.update(**{**changes, **change})
        assert {what.partition(" ")[0] for what, _ in ledger.breaches()} == {"payment"}
        transaction.set_rollback(True)
