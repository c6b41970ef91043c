"""A checkout whose payment is at the gateway."""

from billing.payments import starting
from orders import settling


def begin(checkout, **how):
    """The payment of the checkout with its page; None when the balance has paid."""
    payment = settling.prepare(checkout, **how)
    return payment and starting.opened(payment.pk)
