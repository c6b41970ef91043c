"""Many ask for pictures at once with money for ten: ten are made, each is paid once."""

from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from billing import ledger
from billing.models import Transaction
from billing.tests.crowds import crowd
from billing.tests.effort import IS_FULL
from billing.tests.test_ledger import at_once
from conftest import funded, signed_in
from generations import pipeline
from generations.models import Generation
from generations.requests import request_design

CLIENTS, REQUESTS = (40, 200) if IS_FULL else (10, 40)
PRICE = 250
Account, Type = Transaction.Account, Transaction.Type
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("unlimited")]


@pytest.fixture(autouse=True)
def _one_may_ask_for_many(settings):
    settings.LIMIT_GENERATIONS_RUNNING = 1000


def test_of_many_only_ten_are_accepted(timur):
    funded(timur, Decimal(10 * PRICE))
    headers = signed_in(timur)._credentials

    def ask(number):
        client = APIClient()
        client.credentials(**headers)
        body = {"prompt": f"a red dress {number}"}
        return client.post("/api/v1/generations/generate", body).status_code

    found = crowd(CLIENTS, REQUESTS, ask)

    assert found.outcomes == {"202": 10, "402": REQUESTS - 10}
    timur.refresh_from_db()
    assert (timur.balance, Generation.objects.count()) == (0, 10)
    held = Transaction.objects.filter(system_account=Account.GENERATION_HOLD)
    assert sum(leg.amount for leg in held) == 10 * PRICE


def test_what_is_cancelled_while_it_is_drawn_is_paid_or_given_back(timur):
    funded(timur, Decimal(4 * PRICE))
    asked = [request_design(timur, "a red dress") for _ in range(4)]

    def act(number):
        generation = asked[number // 2]
        return pipeline.cancel(generation) if number % 2 else pipeline.run(generation.pk)

    assert at_once(8, act) == ["NoneType"] * 8

    timur.refresh_from_db()
    made = Generation.objects.filter(status="succeeded").count()
    assert timur.balance == (4 - made) * PRICE
    held = Transaction.objects.filter(system_account=Account.GENERATION_HOLD)
    assert sum(leg.amount for leg in held) == 0


def test_the_database_alone_lets_one_price_be_settled_once(timur):
    """Whatever the state says: of captures and refunds with keys of their own, one is booked."""
    funded(timur, Decimal(PRICE))
    generation = request_design(timur, "a red dress")
    about = {"source": Account.GENERATION_HOLD, "generation_id": generation.pk}

    def settle(number):
        kind, target = (Type.GENERATION_CAPTURE, Account.GENERATION_REVENUE)
        if number % 2:
            kind, target = Type.GENERATION_REFUND, timur
        return ledger.transfer(f"try:{number}", kind, Decimal(PRICE), target=target, **about)

    outcomes = at_once(20, settle)

    assert sorted(outcomes) == ["IntegrityError"] * 19 + ["Posting"]
    [leg] = Transaction.objects.filter(posting__key__startswith="try:", amount__lt=0)
    code = {"error_code": "internal"} if leg.type == Type.GENERATION_REFUND else {"result": "x"}
    status = "failed" if leg.type == Type.GENERATION_REFUND else "succeeded"
    Generation.objects.filter(pk=generation.pk).update(status=status, **code)
