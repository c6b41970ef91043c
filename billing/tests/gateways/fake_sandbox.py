"""The payer in front of the sandbox's own page: it has no server, because it is ours."""

from billing.gateways import sandbox
from billing.gateways.sandbox import Decision


class FakeSandbox:
    tells_declines = True
    signs_amounts = True

    def __init__(self):
        self.amounts = {}

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def settings(self):
        return {}

    def pay(self, payment_id, amount=None):
        return sandbox.decide(payment_id, amount or self.amounts[payment_id], Decision.PAY)

    def decline(self, payment_id):
        return sandbox.decide(payment_id, self.amounts[payment_id], Decision.DECLINE)

    def acknowledgement(self, callback, *, accepted):
        return b'{"accepted":true}' if accepted else b'{"accepted":false}'
