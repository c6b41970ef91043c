"""Every gateway beside a provider that answers it."""

from decimal import Decimal

import pytest

from accounts.models import User
from billing import gateways
from billing.gateways.base import Bill
from billing.gateways.http import ask
from billing.models import Payment
from billing.tests.gateways.fake_freedompay import FakeFreedomPay
from billing.tests.gateways.fake_halyk import FakeHalyk
from billing.tests.gateways.fake_paypal import FakePayPal
from billing.tests.gateways.fake_robokassa import FakeRobokassa
from billing.tests.gateways.fake_sandbox import FakeSandbox
from billing.tests.gateways.fake_tiptoppay import FakeTipTopPay

FAKES = {
    "sandbox": FakeSandbox,
    "freedompay": FakeFreedomPay,
    "tiptoppay": FakeTipTopPay,
    "robokassa": FakeRobokassa,
    "halyk": FakeHalyk,
    "paypal": FakePayPal,
}
PAYMENT = 4711
ASKED = Decimal("5000.00")
BILL = Bill(
    payment_id=PAYMENT,
    amount=ASKED,
    currency="KZT",
    description="Пополнение баланса",
    language="kk",
    return_url="https://leema.example/back",
    callback_url="https://leema.example/api/v1/payments/x/callback",
)


@pytest.fixture(
    params=[pytest.param("sandbox", marks=pytest.mark.django_db), *list(FAKES)[1:]]  # it has rows
)
def name(request):
    return request.param


@pytest.fixture
def provider(name, settings):
    """The provider, and this deployment set up for it."""
    with FAKES[name]() as fake:
        for setting, value in fake.settings().items():
            setattr(settings, setting, value)
        yield fake


@pytest.fixture
def gateway(name, provider):
    return gateways.load(name)


@pytest.fixture
def started(name, gateway, provider):
    """A payment of 5000 ₸ whose page the payer has opened."""
    started = gateway.init(BILL)
    if name == "sandbox":
        owner = User.objects.create(google_id="g-payer", email="payer@example.kz", name="Payer")
        Payment.objects.create(pk=PAYMENT, user=owner, provider=name, amount=ASKED)
        provider.amounts[PAYMENT] = ASKED
    else:
        page = ask("GET", started.pay_page)
        assert (page.status_code, page.text) == (200, "<h1>Pay</h1>")
    return started
