"""Checkouts that are paid through a gateway, whole or what the balance lacks."""

from decimal import Decimal

import pytest

from billing.models import Payment
from billing.payments.starting import GatewayDoesNotAnswer, GatewayNotOffered
from billing.tests.sandbox_payer import absent_freedompay, decide, hear
from conftest import funded
from orders import checkout as checkouts
from orders import fulfilment
from orders.models.kinds import Actor
from orders.quotes import Wish
from orders.settling import NothingToPay
from orders.tests.paying import begin
from orders.transitions import Event


@pytest.fixture
def checkout(timur, dress_on_sale):
    """Two dresses of 400 ₸, which Timur has placed and not paid."""
    return checkouts.place(timur, [Wish(dress_on_sale.variants.get().pk, 2)])


def stage(checkout):
    return checkout.orders.get().stage


def balance(user):
    user.refresh_from_db()
    return user.balance


def notifications(events):
    return [data["code"] for _, kind, data in events if kind == "notification"]


def test_the_gateway_pays_the_orders_at_once(timur, checkout, published):
    payment = begin(checkout)
    assert (payment.status, payment.amount, payment.purpose) == ("pending", 800, "checkout")
    assert stage(checkout) == "awaiting_payment"

    with published() as events:
        decide(payment, "pay")

    assert stage(checkout) == "paid"
    assert balance(timur) == 0
    assert notifications(events) == []
    assert checkout.orders.get().events.get(event="pay").actor == "gateway"
    assert checkout.orders.get().payment_method == "sandbox"


def test_the_balance_first_and_the_rest_by_gateway(timur, checkout):
    funded(timur, Decimal(300))

    payment = begin(checkout, balance_first=True)

    assert payment.amount == Decimal(500)
    decide(payment, "pay")
    assert (stage(checkout), balance(timur)) == ("paid", 0)


def test_no_gateway_is_asked_when_the_balance_covers_it(timur, checkout):
    funded(timur, Decimal(900))

    assert begin(checkout, balance_first=True) is None

    assert (stage(checkout), balance(timur)) == ("paid", Decimal(100))
    assert not Payment.objects.exists()


@pytest.mark.parametrize("decision", ["pay_twice", "pay_out_of_order"])
def test_doubled_and_reversed_messages_pay_once(timur, checkout, decision):
    decide(begin(checkout), decision)

    assert (stage(checkout), balance(timur)) == ("paid", 0)


def test_the_next_card_after_a_refused_one_pays_an_order_that_still_waits(timur, checkout):
    hear(begin(checkout), "failed", "succeeded")

    assert (stage(checkout), balance(timur)) == ("paid", 0)


def test_late_money_stays_on_the_balance(timur, checkout, published):
    with published() as events:
        decide(begin(checkout), "pay_late")

    assert (stage(checkout), balance(timur)) == ("awaiting_payment", Decimal(800))
    assert notifications(events) == ["payment_on_balance"]


def test_an_order_that_is_over_is_not_revived(timur, checkout, published):
    payment = begin(checkout)
    fulfilment.act(checkout.orders.get(), Event.CANCEL, Actor.USER)

    with published() as events:
        decide(payment, "pay")

    assert (stage(checkout), balance(timur)) == ("cancelled", Decimal(800))
    assert notifications(events) == ["payment_on_balance"]


def test_money_spent_meanwhile_leaves_the_order_unpaid(timur, checkout, published):
    funded(timur, Decimal(300))
    payment = begin(checkout, balance_first=True)
    other = checkouts.place(timur, [Wish(checkout.orders.get().items.get().variant_id)])
    funded(timur, Decimal(100))
    checkouts.pay_from_balance(other)

    with published() as events:
        assert decide(payment, "pay").status == "succeeded"

    assert (stage(checkout), balance(timur)) == ("awaiting_payment", Decimal(500))
    assert notifications(events) == ["payment_on_balance"]


def test_another_amount_pays_nothing(timur, checkout):
    hear(begin(checkout), "succeeded", amount=1)

    assert (stage(checkout), balance(timur)) == ("awaiting_payment", 0)


def test_what_no_longer_waits_is_not_paid(checkout):
    fulfilment.act(checkout.orders.get(), Event.CANCEL, Actor.USER)

    with pytest.raises(NothingToPay):
        begin(checkout)

    assert not Payment.objects.exists()


def test_a_gateway_that_is_not_offered_is_refused(checkout):
    with pytest.raises(GatewayNotOffered):
        begin(checkout, provider="halyk")

    assert not Payment.objects.exists()


def test_a_gateway_that_does_not_answer_leaves_the_payment_begun(timur, checkout, settings):
    absent_freedompay(settings)

    with pytest.raises(GatewayDoesNotAnswer):
        begin(checkout)

    assert Payment.objects.get().status == "created"
    assert (stage(checkout), balance(timur)) == ("awaiting_payment", 0)
