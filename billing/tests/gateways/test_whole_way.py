"""A top-up and its refund, the whole way through the API and each of the gateways."""

from decimal import Decimal

import pytest

from billing.gateways.base import Outcome
from billing.gateways.http import ask
from billing.models import Payment, PaymentEvent
from billing.payments import refunding
from billing.tests.gateways.fake_server import Mood
from orders import settling

AMOUNT = Decimal(5000)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("chosen")]


@pytest.fixture
def chosen(name, provider, settings):
    settings.PAYMENT_GATEWAYS = [name]


@pytest.fixture
def payment(name, provider, as_timur):
    body = as_timur.post("/api/v1/users/me/topup", {"amount": 5000}).json()
    assert (body["provider"], body["status"]) == (name, "pending")
    if name == "sandbox":
        provider.amounts[body["id"]] = AMOUNT
    else:
        ask("GET", body["payment_url"])  # the payer looks at it
    return Payment.objects.get(pk=body["id"])


@pytest.fixture
def send(name, client):
    def send(callback):
        return client.generic(
            callback.method,
            f"/api/v1/payments/{name}/callback?{callback.query}",
            callback.body,
            content_type=callback.header("Content-Type") or "application/octet-stream",
            headers=dict(callback.headers),
        )

    return send


def balance(user):
    user.refresh_from_db()
    return user.balance


def test_what_is_paid_is_on_the_balance_and_told_once(payment, provider, send, timur):
    callbacks = provider.pay(payment.pk)
    for callback in callbacks:
        answer = send(callback)
        wanted = provider.acknowledgement(callback, accepted=True)
        assert answer.content == wanted.replace(b"4711", str(payment.pk).encode())
    for callback in reversed(callbacks):
        assert send(callback).status_code < 500

    payment.refresh_from_db()
    assert payment.status == "succeeded"
    assert balance(timur) == AMOUNT


def test_what_is_forged_is_kept_and_changes_nothing(name, payment, provider, send, timur):
    (*_, callback) = provider.pay(payment.pk)
    answer = send(type(callback)(b"x" + callback.body, callback.headers, callback.query))

    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")
    assert balance(timur) == 0
    forged = PaymentEvent.objects.get()
    assert (forged.signature_ok, forged.payment, forged.body[:1]) == (False, None, "x")


@pytest.mark.parametrize("name", ["halyk", "paypal"])
def test_what_the_provider_does_not_confirm_changes_nothing(name, payment, provider, send, timur):
    callback = provider.approve(payment.pk) if name == "paypal" else provider.pay(payment.pk)[0]
    provider.bills.clear()

    assert send(callback).status_code < 500

    payment.refresh_from_db()
    assert (payment.status, balance(timur)) == ("pending", 0)


def test_a_lost_message_is_made_up_for_by_the_last_query(payment, provider, timur):
    provider.pay(payment.pk)
    Payment.objects.update(next_query_at=payment.created_at)

    settling.settle_due()

    payment.refresh_from_db()
    assert payment.status == "succeeded"
    assert balance(timur) == AMOUNT


def test_what_nobody_paid_expires(payment, timur):
    Payment.objects.update(next_query_at=payment.created_at)

    settling.settle_due()

    payment.refresh_from_db()
    assert (payment.status, balance(timur)) == ("expired", 0)


def test_a_provider_out_of_order_is_asked_again_later(name, payment, provider, timur):
    if name == "sandbox":
        pytest.skip("It is ours")
    provider.pay(payment.pk)
    provider.mood = Mood.GARBAGE
    Payment.objects.update(next_query_at=payment.created_at)
    settling.settle_due()
    payment.refresh_from_db()
    assert payment.status == "pending"
    assert payment.next_query_at > payment.created_at

    provider.mood = Mood.NORMAL
    Payment.objects.update(next_query_at=payment.created_at)
    settling.settle_due()

    payment.refresh_from_db()
    assert (payment.status, balance(timur)) == ("succeeded", AMOUNT)


def test_a_part_goes_back_and_then_the_rest(payment, provider, send, timur, as_timur):
    for callback in provider.pay(payment.pk):
        send(callback)
    for amount in (2000, 3000):
        as_timur.post(f"/api/v1/payments/{payment.pk}/refund", {"amount": amount})
        finish(payment)

    payment.refresh_from_db()
    assert (payment.status, payment.refunded_amount) == ("refunded", AMOUNT)
    assert balance(timur) == 0


def finish(payment):
    """A refund that is still on its way is seen to have arrived."""
    payment.refresh_from_db()
    if payment.status == "refund_pending":
        made = payment.refunds.get(status="pending")
        refunding._noted(made, Outcome.SUCCEEDED)
