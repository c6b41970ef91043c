"""What the worker runs: the ledger's own audit, and the clearing of forged messages."""

import logging

from billing import ledger
from billing.payments import receiving

logger = logging.getLogger(__name__)


def check_ledger() -> None:
    for what, row in ledger.breaches():
        logger.critical("Ledger breach: %s: %s", what, row)


def forget_forgeries() -> None:
    receiving.forget_forgeries()
