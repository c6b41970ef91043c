"""What is particular to Freedom Pay, TipTop Pay, Robokassa and Halyk."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from billing import gateways
from billing.gateways.base import BadSignature, GatewayRefused, GatewayUnavailable, Outcome
from billing.gateways.http import ask
from billing.tests.gateways.conftest import ASKED, BILL, FAKES, PAYMENT
from billing.tests.gateways.fake_server import Answer

NEXT_DAY = date(2026, 11, 27)


@pytest.fixture
def at(settings):
    """Start the named provider's gateway with a payment whose page is open."""
    running = []

    def start(name):
        provider = FAKES[name]().__enter__()
        running.append(provider)
        for setting, value in provider.settings().items():
            setattr(settings, setting, value)
        gateway = gateways.load(name)
        return gateway, provider, gateway.init(BILL)

    yield start
    for provider in running:
        provider.__exit__()


def test_freedompay_signs_as_published(settings):
    """The example of the documentation: script, values by name, secret, joined with semicolons."""
    settings.FREEDOMPAY_SECRET_KEY = "mypasskey"
    said = {"pg_order_id": "1", "pg_amount": "25.00", "pg_salt": "salt"}
    signed = hashlib.md5(b"callback;25.00;1;salt;mypasskey").hexdigest()
    body = "&".join(f"{name}={value}" for name, value in said.items()) + f"&pg_sig={signed}"
    callback = gateways.base.Callback(body.encode(), {})

    gateways.load("freedompay").verify(callback)


def test_freedompay_money_that_is_only_held_is_not_paid(at):
    gateway, provider, started = at("freedompay")
    (callback,) = provider.pay(PAYMENT)
    held = replace(callback, body=callback.body.replace(b"pg_captured=1", b"pg_captured=0"))
    bill = provider.bills[str(PAYMENT)]
    bill.paid = Decimal(0)

    assert gateway.parse(held).outcome == Outcome.PENDING
    assert gateway.fetch_status(PAYMENT, started.external_id).outcome == Outcome.PENDING


def test_freedompay_answers_are_checked(at, monkeypatch):
    gateway, provider, started = at("freedompay")
    true = provider.status
    monkeypatch.setattr(provider, "status", lambda *asked: _raised(true(*asked)))

    with pytest.raises(GatewayUnavailable):
        gateway.fetch_status(PAYMENT, started.external_id)


def test_freedompay_tells_when_everything_went_back(at):
    gateway, provider, started = at("freedompay")
    provider.pay(PAYMENT)
    gateway.refund(PAYMENT, started.external_id, Decimal(3000), key="r1")
    assert gateway.fetch_status(PAYMENT, started.external_id).outcome == Outcome.SUCCEEDED

    gateway.refund(PAYMENT, started.external_id, Decimal(2000), key="r2")
    assert gateway.fetch_status(PAYMENT, started.external_id).outcome == Outcome.REFUNDED


def test_freedompay_payment_of_another_is_not_believed(at):
    gateway, provider, started = at("freedompay")
    provider.pay(PAYMENT)

    with pytest.raises(GatewayUnavailable):
        gateway.fetch_status(PAYMENT + 1, started.external_id)
    with pytest.raises(GatewayRefused, match="340"):
        gateway.fetch_status(PAYMENT, "1")


def test_tiptoppay_check_is_no_payment_though_it_looks_like_one(at):
    gateway, provider, _started = at("tiptoppay")
    check, pay = provider.pay(PAYMENT)

    assert gateway.parse(check).outcome == Outcome.PENDING
    event = gateway.parse(pay)
    assert (event.outcome, event.needs_query) == (Outcome.SUCCEEDED, True)


@pytest.mark.parametrize("query", ["", "notice=", "notice=steal", "notice=pay&notice=check"])
def test_tiptoppay_notice_is_one_of_the_known(at, query):
    gateway, provider, _started = at("tiptoppay")
    (*_, callback) = provider.pay(PAYMENT)

    with pytest.raises(BadSignature):
        gateway.parse(replace(callback, query=query))


def test_tiptoppay_refund_is_told_of_the_payment_it_belongs_to(at):
    gateway, provider, _started = at("tiptoppay")
    row = provider.row(812, str(PAYMENT), Decimal("100.50"), "Completed")
    callback = provider.notice("refund", row, PaymentTransactionId="4000")

    event = gateway.parse(callback)
    assert (event.key, event.external_id) == ("812:refund", "4000")
    assert (event.outcome, event.amount) == (Outcome.REFUNDED, Decimal("100.50"))


def test_tiptoppay_is_asked_to_pay_out_once_for_a_refund(at):
    gateway, provider, started = at("tiptoppay")
    provider.pay(PAYMENT)

    for _ in range(2):
        gateway.refund(PAYMENT, started.external_id, Decimal(3000), key="r1")
    assert list(provider.bills[str(PAYMENT)].refunds.values()) == [3000]


def test_tiptoppay_reports_a_day_in_almaty(at):
    gateway, provider, started = at("tiptoppay")
    provider.decline(PAYMENT)
    provider.pay(PAYMENT)
    gateway.refund(PAYMENT, started.external_id, Decimal(2000), key="r1")
    provider.attempts.append(provider.row(9, None, Decimal(70), "Completed"))  # sold by hand

    lines = gateway.report(NEXT_DAY)

    assert [(line.payment_id, line.amount, line.outcome) for line in lines] == [
        (PAYMENT, ASKED, Outcome.FAILED),
        (PAYMENT, ASKED, Outcome.SUCCEEDED),
        (0, Decimal(70), Outcome.SUCCEEDED),
        (PAYMENT, Decimal(2000), Outcome.REFUNDED),
    ]
    assert gateway.report(date(2026, 11, 26)) == []


@pytest.mark.parametrize("algorithm", ["md5", "sha512"])
def test_robokassa_signs_with_the_hash_of_the_cabinet(at, settings, algorithm):
    gateway, _provider, _started = at("robokassa")
    settings.ROBOKASSA_HASH = algorithm

    asked = parse_qs(urlsplit(gateway.init(BILL).pay_page).query)

    base = f"leema:5000.00:{PAYMENT}:page-pass-1".encode()
    assert asked["SignatureValue"] == [hashlib.new(algorithm, base).hexdigest()]


def test_robokassa_is_told_of_a_test(at, settings):
    gateway, _provider, started = at("robokassa")
    assert "IsTest" not in started.pay_page

    settings.ROBOKASSA_TEST = True
    assert gateway.init(BILL).pay_page.endswith("&IsTest=1")


def test_robokassa_refund_is_a_token_signed_with_password_3(at):
    gateway, provider, started = at("robokassa")
    _open(started)
    provider.pay(PAYMENT)
    gateway.refund(PAYMENT, "", Decimal("2000.50"), key="r1")
    gateway.refund(PAYMENT, "", Decimal("2999.50"), key="r2")

    first = next(asked.body for asked in provider.asked if asked.path.endswith("/Create"))
    header, payload, signature = first.split(b".")
    expected = hmac.digest(b"refund-pass-3", header + b"." + payload, hashlib.sha256)
    assert signature == base64.urlsafe_b64encode(expected).rstrip(b"=")
    told = json.loads(base64.urlsafe_b64decode(payload + b"=="))
    assert told == {"OpKey": f"OP-{PAYMENT}", "RefundSum": 2000.5}


def test_robokassa_whole_refund_names_no_sum(at):
    gateway, provider, started = at("robokassa")
    _open(started)
    provider.pay(PAYMENT)
    gateway.refund(PAYMENT, "", ASKED, key="r1")

    (body,) = (asked.body for asked in provider.asked if asked.path.endswith("/Create"))
    assert json.loads(base64.urlsafe_b64decode(body.split(b".")[1] + b"==")) == {
        "OpKey": f"OP-{PAYMENT}"
    }


@pytest.mark.parametrize("label", ["processing", "unheard of"])
def test_robokassa_refund_may_take_its_time(at, label):
    gateway, provider, started = at("robokassa")
    _open(started)
    provider.pay(PAYMENT)
    provider.refund_label = label

    assert gateway.refund(PAYMENT, "", ASKED, key="r1") == Outcome.PENDING


def test_robokassa_refund_may_be_cancelled_in_the_cabinet(at):
    gateway, provider, started = at("robokassa")
    _open(started)
    provider.pay(PAYMENT)
    provider.refund_label = "canceled"

    with pytest.raises(GatewayRefused, match="canceled"):
        gateway.refund(PAYMENT, "", ASKED, key="r1")


def test_robokassa_without_password_3_gives_nothing_back(at, settings):
    gateway, provider, _started = at("robokassa")
    settings.ROBOKASSA_REFUND_PASSWORD = ""

    assert gateway.has_credentials()
    with pytest.raises(GatewayRefused, match="unsupported"):
        gateway.refund(PAYMENT, "", ASKED, key="r1")
    assert provider.asked == []


def test_halyk_message_is_not_believed_about_the_amount(at):
    gateway, provider, started = at("halyk")
    (callback,) = provider.pay(PAYMENT, Decimal(10))
    said = {**json.loads(callback.body), "amount": 5000.0}
    forged = replace(callback, body=json.dumps(said).encode())

    gateway.verify(forged)
    assert gateway.parse(forged).needs_query
    assert gateway.fetch_status(PAYMENT, started.external_id).amount == 10


def test_halyk_secret_of_one_payment_does_not_open_another(at):
    gateway, provider, _started = at("halyk")
    (callback,) = provider.pay(PAYMENT)
    said = {**json.loads(callback.body), "invoiceId": "004712"}

    with pytest.raises(BadSignature):
        gateway.verify(replace(callback, body=json.dumps(said).encode()))


def test_halyk_asks_for_a_token_each_time(at):
    gateway, provider, started = at("halyk")
    provider.pay(PAYMENT)
    gateway.fetch_status(PAYMENT, started.external_id)
    gateway.fetch_status(PAYMENT, started.external_id)

    assert [asked.path for asked in provider.asked].count("/oauth2/token") == 3
    assert provider.tokens == {}


def test_halyk_sent_elsewhere_has_given_nothing_back(at, monkeypatch):
    gateway, provider, _started = at("halyk")
    provider.pay(PAYMENT)
    monkeypatch.setattr(provider, "refunded", lambda *asked: Answer(b"", 302))

    with pytest.raises(GatewayUnavailable):
        gateway.refund(PAYMENT, "", ASKED, key="r1")


def _open(started):
    assert ask("GET", started.pay_page).status_code == 200


def _raised(answer):
    body = answer.body.replace(b"<pg_amount>5000", b"<pg_amount>9000")
    assert body != answer.body
    return Answer(body, content_type=answer.content_type)
