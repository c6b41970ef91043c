"""What the worker runs: the time limits of orders, and of their payments."""

from orders import fulfilment, settling


def take_due_steps() -> int:
    return fulfilment.take_due_steps()


def settle_due_payments() -> None:
    settling.settle_due()
