"""Payment gateways: one module for each provider, all with the same shape (see base)."""

from importlib import import_module

from django.conf import settings

from billing.gateways.base import Gateway

GATEWAYS = {
    "sandbox": "billing.gateways.sandbox.SandboxGateway",
    "freedompay": "billing.gateways.freedompay.FreedomPayGateway",
    "tiptoppay": "billing.gateways.tiptoppay.TipTopPayGateway",
    "robokassa": "billing.gateways.robokassa.RobokassaGateway",
    "halyk": "billing.gateways.halyk.HalykGateway",
    "paypal": "billing.gateways.paypal.PayPalGateway",
}


def load(name: str) -> Gateway:
    """The gateway of that name, whether it is offered or not; KeyError when there is none."""
    module, _dot, cls = GATEWAYS[name].rpartition(".")
    gateway: Gateway = getattr(import_module(module), cls)()
    return gateway


def offered() -> list[str]:
    """What a payer may choose from: what the deployment turned on and has the credentials of."""
    known = [name for name in settings.PAYMENT_GATEWAYS if name in GATEWAYS]
    return [name for name in known if load(name).has_credentials()]
