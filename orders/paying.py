"""Paying for a checkout: from the balance at once, or by a gateway, or by both."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models import Payment
from orders import settling
from orders.checkout import pay_from_balance
from orders.models import Checkout


class How(models.TextChoices):
    BALANCE = "balance", _("From the balance")
    GATEWAY = "gateway", _("By a payment gateway")
    BALANCE_AND_GATEWAY = "balance_and_gateway", _("From the balance, then by a gateway")


@dataclass(frozen=True, slots=True)
class Means:
    """How somebody pays; the provider is the gateway's name, or empty for the usual one."""

    how: How = How.BALANCE
    provider: str = ""


FROM_BALANCE = Means()


def begin(checkout: Checkout, means: Means) -> Payment | None:
    """Pay a placed checkout from the balance, or give the payment by which the rest is paid.

    Raises InsufficientFunds, NoGateway and GatewayNotOffered.
    """
    if means.how is How.BALANCE:
        pay_from_balance(checkout)
        return None
    first = means.how is How.BALANCE_AND_GATEWAY
    return settling.prepare(checkout, provider=means.provider, balance_first=first)
