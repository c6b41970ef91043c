"""Payment gateways: one module for each provider, all with the same shape (see base)."""

from importlib import import_module

from billing.gateways.base import Gateway

GATEWAYS = {"sandbox": "billing.gateways.sandbox.SandboxGateway"}


def load(name: str) -> Gateway:
    """The gateway of that name; KeyError when there is none."""
    module, _dot, cls = GATEWAYS[name].rpartition(".")
    gateway: Gateway = getattr(import_module(module), cls)()
    return gateway
