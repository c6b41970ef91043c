"""Payments over the API, in our words and in the older clients'."""

from decimal import Decimal

import pytest

from billing.models import Payment
from billing.payments import links, starting
from billing.tests.gateways.fake_freedompay import FakeFreedomPay
from billing.tests.gateways.fake_paypal import FakePayPal
from billing.tests.sandbox_payer import absent_freedompay, decide, hear, paid, told
from conftest import signed_in

API = "/api/v1"


@pytest.fixture
def payment(timur):
    return starting.start_topup(timur, Decimal(500))


def balance(user):
    user.refresh_from_db()
    return user.balance


def test_own_payments_are_listed_newest_first(as_timur, as_aigerim, timur, aigerim):
    first, second = paid(timur), starting.start_topup(timur, Decimal(700))
    starting.start_topup(aigerim, Decimal(900))

    rows = as_timur.get(f"{API}/users/me/payments").json()

    assert [(row["id"], row["status"]) for row in rows] == [
        (second.pk, "pending"),
        (first.pk, "succeeded"),
    ]
    assert rows[0].keys() == {
        *("id", "provider", "purpose", "checkout_id", "amount", "refunded_amount", "status"),
        *("payment_url", "expires_at", "created_at"),
    }


def test_a_gateway_may_be_chosen(as_timur, settings):
    settings.PAYMENT_GATEWAYS = ["freedompay", "sandbox"]

    body = as_timur.post(f"{API}/users/me/topup", {"amount": 500, "provider": "sandbox"}).json()
    assert body["provider"] == "sandbox"

    refused = as_timur.post(f"{API}/users/me/topup", {"amount": 500, "provider": "freedompay"})
    assert (refused.status_code, refused.json()["code"]) == (422, "gateway_not_offered")
    assert Payment.objects.count() == 1


def test_a_gateway_that_does_not_answer_is_said_so(as_timur, timur, settings):
    absent_freedompay(settings)

    response = as_timur.post(f"{API}/users/me/topup", {"amount": 500})

    assert (response.status_code, response.json()["code"]) == (503, "gateway_unavailable")
    assert response["Retry-After"] == "30"
    assert Payment.objects.get().status == "created"


def test_a_gateway_that_refuses_ends_the_payment(as_timur, settings):
    with FakeFreedomPay() as provider:
        for name, value in provider.settings().items():
            setattr(settings, name, value)
        settings.PAYMENT_GATEWAYS = ["freedompay"]
        provider.started = lambda script, said: provider.error(script, "100", "No such merchant")
        response = as_timur.post(f"{API}/users/me/topup", {"amount": 500})

    assert (response.status_code, response.json()["code"]) == (409, "payment_refused")
    assert Payment.objects.get().status == "failed"


@pytest.mark.parametrize("address", ["users/me/topup", "payments/user/top-up"])
def test_administrators_pay_in_the_app_alone(admin, as_admin, address):
    refused = as_admin.post(f"{API}/{address}", {"amount": 500})
    assert (refused.status_code, refused.json()["code"]) == (403, "administrators_do_not_pay")
    assert not Payment.objects.exists()

    assert signed_in(admin, "mobile").post(f"{API}/{address}", {"amount": 500}).status_code < 300


@pytest.mark.parametrize(("place", "who"), [("user", "as_timur"), ("shop", "as_atelier")])
def test_older_clients_top_up(request, place, who, anyone):
    client = request.getfixturevalue(who)

    response = client.post(
        f"{API}/payments/{place}/top-up", {"amount": 50, "payment_type": "top_up"}
    )

    assert response.status_code == 200
    body = response.json()
    payment = Payment.objects.get()
    assert body == {
        "order_id": links.order_id(payment),
        "approval_url": payment.pay_page,
        "amount": 50,
        "status": "pending",
    }
    waiting = anyone.post(f"{API}/payments/capture/{body['order_id']}").json()
    assert (waiting["status"], waiting["transaction_id"]) == ("pending", None)
    decide(payment, "pay")
    captured = anyone.post(f"{API}/payments/capture/{body['order_id']}").json()
    assert captured == {
        "message": "Paid",
        "transaction_id": links.transaction_id(payment),
        "status": "completed",
    }


def test_a_number_that_can_be_guessed_names_no_payment(anyone, payment):
    assert anyone.post(f"{API}/payments/capture/{payment.pk}").status_code == 404
    assert anyone.get(f"{API}/payments/paypal/success?token={payment.pk}").status_code == 404
    assert anyone.get(f"{API}/payments/paypal/success").status_code == 404


def test_an_owner_cancels_and_nobody_else(as_timur, as_aigerim, payment):
    address = f"{API}/payments/{payment.pk}/cancel"

    assert as_aigerim.post(address).status_code == 404
    assert as_timur.post(address).json()["status"] == "cancelled"

    again = as_timur.post(address)
    assert (again.status_code, again.json()["code"]) == (409, "transition_not_allowed")
    assert again.json()["allowed"] == []


def test_a_callback_by_get_is_heard_as_well(anyone, timur, payment):
    callback = told(payment, "succeeded")
    response = anyone.generic(
        "GET",
        f"{API}/payments/sandbox/callback",
        callback.body,
        headers={"Accept": "text/nonsense", **callback.headers},
    )

    assert (response.status_code, response.content) == (200, b'{"accepted":true}')
    assert balance(timur) == Decimal(500)


def test_the_page_a_payer_comes_back_to_tells_what_became_of_it(client, payment, settings):
    page = links.return_url(payment, "mobile").removeprefix(settings.API_BASE_URL)
    assert "We have not heard of the money yet" in client.get(page).content.decode()

    hear(payment, "succeeded")

    shown = client.get(page).content.decode()
    assert "Paid. The money is on the balance" in shown
    number = links.transaction_id(payment)
    assert f"myapp://payment/success?amount=500.00&amp;transaction_id={number}" in shown
    assert client.get(page.replace(str(payment.pk), str(payment.pk + 1), 1)).status_code == 404


@pytest.fixture
def paypal(settings):
    with FakePayPal() as provider:
        for name, value in provider.settings().items():
            setattr(settings, name, value)
        settings.PAYMENT_GATEWAYS = ["paypal"]
        yield provider


def test_a_payer_comes_back_from_paypal_and_pays_then(as_timur, timur, client, paypal):
    started = as_timur.post(f"{API}/payments/user/top-up", {"amount": 5000}).json()
    payment = Payment.objects.get()
    assert started["order_id"] == payment.external_id
    paypal.pay(payment.pk)  # approved; the webhooks are still on their way

    back = client.get(f"{API}/payments/paypal/success?token={payment.external_id}&PayerID=P")

    assert (back.status_code, back["Location"]) == (302, links.page_of(payment))
    assert balance(timur) == Decimal(5000)
    app = client.get(f"{API}/payments/paypal/success?token={payment.external_id}&platform=mobile")
    assert app["Location"].startswith("myapp://payment/success?amount=5000.00&transaction_id=")


def test_paypal_tells_at_its_older_address_too(as_timur, timur, client, paypal):
    as_timur.post(f"{API}/users/me/topup", {"amount": 5000})
    payment = Payment.objects.get()

    for webhook in paypal.pay(payment.pk):
        answer = client.generic(
            "POST",
            f"{API}/payments/paypal/webhook",
            webhook.body,
            content_type="application/json",
            headers=dict(webhook.headers),
        )
        assert answer.status_code == 200

    assert balance(timur) == Decimal(5000)


def test_a_payer_who_gave_up_at_paypal_is_led_back(as_timur, timur, client, paypal):
    as_timur.post(f"{API}/users/me/topup", {"amount": 5000})
    payment = Payment.objects.get()

    back = client.get(f"{API}/payments/paypal/cancel?token={payment.external_id}&platform=mobile")

    assert (back.status_code, back["Location"]) == (302, "myapp://payment/cancel")
    assert balance(timur) == 0
