"""Putting money on the balance through the sandbox gateway."""

import json
from decimal import Decimal

import pytest

from billing.gateways import sandbox
from billing.models import Payment

CALLBACK = "/api/v1/payments/sandbox/callback"


@pytest.fixture
def payment(as_aigerim):
    body = as_aigerim.post("/api/v1/users/me/topup", {"amount": 5000}).json()
    return Payment.objects.get(pk=body["id"])


def call_back(client, body, signature=None):
    return client.generic(
        "POST",
        CALLBACK,
        body,
        content_type="application/json",
        HTTP_SANDBOX_SIGNATURE=signature or sandbox.sign(body),
    )


def balance(user):
    user.refresh_from_db()
    return user.balance


def test_a_started_payment_moves_nothing(as_aigerim, aigerim):
    response = as_aigerim.post("/api/v1/users/me/topup", {"amount": 5000})

    assert response.status_code == 201
    body = response.json()
    assert (body["status"], body["amount"]) == ("pending", 5000)
    assert f"/pay/sandbox/{body['id']}:" in body["payment_url"]
    assert balance(aigerim) == Decimal(1000)


def test_a_signed_callback_puts_the_money_on_the_balance(anyone, aigerim, payment, published):
    with published() as events:
        response = call_back(anyone, sandbox.message(payment.pk, payment.amount, "succeeded"))

    assert response.status_code == 200
    assert balance(aigerim) == Decimal(6000)
    assert [(who, kind) for who, kind, _ in events] == [
        (f"user:{aigerim.pk}", "balance_updated"),
        (f"user:{aigerim.pk}", "payment_updated"),
    ]
    assert events[0][2]["balance"] == 6000
    assert events[1][2]["status"] == "succeeded"


def test_the_same_callback_again_changes_nothing(anyone, aigerim, payment):
    body = sandbox.message(payment.pk, payment.amount, "succeeded")

    assert [call_back(anyone, body).status_code for _ in range(3)] == [200, 200, 200]
    assert balance(aigerim) == Decimal(6000)


def test_a_decline_moves_nothing(anyone, aigerim, payment):
    call_back(anyone, sandbox.message(payment.pk, payment.amount, "failed"))

    payment.refresh_from_db()
    assert payment.status == "failed"
    assert balance(aigerim) == Decimal(1000)


def test_a_forged_callback_is_refused(anyone, aigerim, payment):
    body = sandbox.message(payment.pk, payment.amount, "succeeded")

    response = call_back(anyone, body, signature="0" * 64)

    assert (response.status_code, response.json()["code"]) == (401, "bad_signature")
    assert balance(aigerim) == Decimal(1000)


def test_another_amount_waits_for_an_administrator(anyone, aigerim, payment, published):
    with published() as events:
        response = call_back(anyone, sandbox.message(payment.pk, Decimal(999_999), "succeeded"))

    assert (response.status_code, response.content) == (200, b'{"accepted":true}')
    payment.refresh_from_db()
    assert payment.status == "needs_review"
    assert balance(aigerim) == Decimal(1000)
    assert [(who, kind) for who, kind, _ in events] == [
        ("admins", "payment_updated"),
        (f"user:{aigerim.pk}", "payment_updated"),
    ]


def test_a_payment_nobody_asked_for_is_not_taken(anyone, aigerim, payment):
    response = call_back(anyone, sandbox.message(payment.pk + 1, Decimal(5000), "succeeded"))

    assert (response.status_code, response.content) == (422, b'{"accepted":false}')
    assert balance(aigerim) == Decimal(1000)


def test_signed_nonsense_is_refused(anyone, payment):
    assert call_back(anyone, b"[]").status_code == 401
    assert call_back(anyone, json.dumps({"event": "x"}).encode()).status_code == 401


def test_a_pay_page_opens_by_its_own_address_alone(client, payment, settings):
    page = sandbox.SandboxGateway().pay_page(payment.pk).removeprefix(settings.API_BASE_URL)

    assert client.get(page).status_code == 200
    assert client.get(page[:-1]).status_code == 404
    assert client.get(f"/pay/sandbox/{payment.pk}").status_code == 404
    settings.PAYMENT_GATEWAYS = ["another"]
    assert client.get(page).status_code == 404


def test_without_a_gateway_nothing_is_started(as_aigerim, settings):
    settings.PAYMENT_GATEWAYS = []

    response = as_aigerim.post("/api/v1/users/me/topup", {"amount": 5000})

    assert (response.status_code, response.json()["code"]) == (503, "no_gateway")
    assert not Payment.objects.exists()


def test_an_unknown_gateway_is_not_found(anyone):
    response = anyone.post("/api/v1/payments/nobank/callback", {})

    assert (response.status_code, response.json()["code"]) == (404, "unknown_gateway")


@pytest.mark.parametrize("amount", [0, -5, 99, 1_000_001, "NaN", "1e30", "x", None])
def test_a_senseless_amount_is_refused(as_aigerim, amount):
    response = as_aigerim.post("/api/v1/users/me/topup", {"amount": amount})

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/amount"
    assert not Payment.objects.exists()


def test_a_stranger_does_not_see_the_payment(as_timur, as_aigerim, payment):
    address = f"/api/v1/payments/{payment.pk}"

    assert as_aigerim.get(address).json()["status"] == "pending"
    assert as_timur.get(address).status_code == 404
