"""PayPal's own ways: money is taken by us, in a currency that is not tenge."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.gateways.base import BadSignature, GatewayRefused, GatewayUnavailable, Outcome
from billing.tests.gateways.conftest import ASKED, BILL, PAYMENT
from billing.tests.gateways.fake_server import Mood


@pytest.fixture(params=["paypal"])
def name(request):
    return request.param


def captures(provider):
    return [asked for asked in provider.asked if asked.path.endswith("/capture")]


def test_an_approved_order_is_asked_about_and_that_takes_the_money(gateway, provider, started):
    callback = provider.approve(PAYMENT)
    gateway.verify(callback)
    event = gateway.parse(callback)
    assert (event.outcome, event.needs_query, event.amount) == (Outcome.PENDING, True, ASKED)
    assert event.external_id == started.external_id
    assert captures(provider) == []

    for _ in range(2):
        status = gateway.fetch_status(PAYMENT, started.external_id)
        assert (status.outcome, status.amount, status.currency) == (Outcome.SUCCEEDED, ASKED, "KZT")
    assert len(captures(provider)) == 1


def test_a_declined_card_can_be_followed_by_another(gateway, provider, started):
    provider.decline(PAYMENT)
    assert gateway.fetch_status(PAYMENT, started.external_id).outcome == Outcome.FAILED

    provider.approve(PAYMENT)
    assert gateway.fetch_status(PAYMENT, started.external_id).outcome == Outcome.SUCCEEDED


def test_the_payer_is_asked_for_dollars_at_the_rate(gateway, provider, started):
    (unit,) = provider.units.values()

    assert unit["amount"] == {"currency_code": "USD", "value": "9.66"}  # 5000 / 517.35 = 9.6647
    assert unit["custom_id"] == f"{PAYMENT}:5000.00:9.66"


def test_the_rate_of_another_day_changes_nothing(gateway, provider, started, settings):
    settings.PAYPAL_RATE = Decimal(100)
    (callback,) = provider.pay(PAYMENT)

    assert gateway.parse(callback).amount == ASKED


def test_another_currency_is_told_as_it_is(gateway, provider, started):
    provider.bills[str(PAYMENT)].currency = "EUR"
    (callback,) = provider.pay(PAYMENT)

    event = gateway.parse(callback)
    assert (event.amount, event.currency) == (Decimal("9.66"), "EUR")


def test_a_part_given_back_is_told_in_the_tenge_that_were_asked(gateway, provider, started):
    provider.pay(PAYMENT)
    gateway.refund(PAYMENT, started.external_id, Decimal(1240), key="r1")
    (asked,) = (asked.json for asked in provider.asked if asked.path.endswith("/refund"))
    assert asked["amount"] == {"currency_code": "USD", "value": "2.39"}  # down from 2.3957

    callback = provider.refund_told(PAYMENT, "2.39", asked["custom_id"])
    gateway.verify(callback)
    event = gateway.parse(callback)
    assert (event.outcome, event.amount, event.currency) == (Outcome.REFUNDED, 1240, "KZT")


def test_the_order_of_another_payment_is_not_believed(gateway, provider, started):
    provider.pay(PAYMENT)

    with pytest.raises(GatewayUnavailable):
        gateway.fetch_status(PAYMENT + 1, started.external_id)
    with pytest.raises(GatewayRefused, match="INVALID_RESOURCE_ID"):
        gateway.fetch_status(PAYMENT, "5O19-of-nobody")


def test_an_event_cannot_bring_its_own_webhook_id(gateway, provider, started):
    (callback,) = provider.pay(PAYMENT)
    for tail in (b', "webhook_id": "mine"', b'}, {"a": 1'):
        with pytest.raises(BadSignature):
            gateway.verify(replace(callback, body=callback.body + tail))


def test_a_message_without_its_headers_asks_nobody(gateway, provider, started):
    (callback,) = provider.pay(PAYMENT)
    before = len(provider.asked)

    with pytest.raises(BadSignature):
        gateway.verify(replace(callback, headers={}))
    assert len(provider.asked) == before


def test_a_message_that_cannot_be_checked_now_is_no_forgery(gateway, provider, started):
    (callback,) = provider.pay(PAYMENT)
    provider.mood = Mood.BROKEN

    with pytest.raises(GatewayUnavailable):
        gateway.verify(callback)


def test_an_event_of_another_kind_is_refused(gateway, provider, started):
    callback = provider.webhook("CUSTOMER.DISPUTE.CREATED", {"id": "PP-D-1"})
    gateway.verify(callback)

    with pytest.raises(BadSignature):
        gateway.parse(callback)


def test_less_than_a_cent_is_refused(gateway):
    with pytest.raises(GatewayRefused):
        gateway.init(replace(BILL, amount=Decimal("1.00")))
