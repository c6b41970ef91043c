"""The sandbox's pay page: what a payer decides there, and what is told about it."""

from decimal import Decimal

import pytest
from django.test import Client

from billing.gateways import sandbox
from billing.models import PaymentEvent
from billing.payments import starting
from orders import checkout as checkouts
from orders.quotes import Wish
from orders.tests.paying import begin


@pytest.fixture
def payment(timur):
    return starting.start_topup(timur, Decimal(500))


def page_of(payment):
    return f"/pay/sandbox/{sandbox.page_key(payment.pk)}"


def choose(client, payment, decision):
    shown = client.post(page_of(payment), {"decision": decision}, follow=True)
    payment.refresh_from_db()
    return shown.content.decode()


@pytest.mark.parametrize(
    ("decision", "status", "told", "said"),
    [
        ("pay", "succeeded", 1, "The money is on the balance"),
        ("decline", "failed", 1, "Declined. Nothing was charged"),
        ("pay_late", "succeeded", 2, "The money is on the balance"),
        ("pay_twice", "succeeded", 1, "The money is on the balance"),
        ("pay_out_of_order", "succeeded", 2, "The money is on the balance"),
    ],
)
def test_every_decision_ends_in_its_state(client, timur, payment, decision, status, told, said):
    assert f'value="{decision}"' in client.get(page_of(payment)).content.decode()

    page = choose(client, payment, decision)

    assert payment.status == status
    assert said in page
    assert PaymentEvent.objects.count() == told
    timur.refresh_from_db()
    assert timur.balance == (500 if status == "succeeded" else 0)


def test_after_a_refused_card_another_may_pay(client, payment):
    assert "Pay all the same" in choose(client, payment, "decline")

    choose(client, payment, "pay")

    assert payment.status == "succeeded"


def test_what_is_no_decision_changes_nothing(client, payment):
    choose(client, payment, "burn")

    assert payment.status == "pending"
    assert not PaymentEvent.objects.exists()


def test_an_order_is_paid_there(client, timur, dress_on_sale):
    checkout = checkouts.place(timur, [Wish(dress_on_sale.variants.get().pk)])
    payment = begin(checkout)

    assert "Paid. You may close this page." in choose(client, payment, "pay")

    assert checkout.orders.get().stage == "paid"


def test_a_forged_form_is_refused(payment):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(page_of(payment), {"decision": "pay"}).status_code == 403
