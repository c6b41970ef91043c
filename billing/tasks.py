"""What the worker runs: the ledger's own audit."""

import logging

from billing import ledger

logger = logging.getLogger(__name__)


def check_ledger() -> None:
    for what, row in ledger.breaches():
        logger.critical("Ledger breach: %s: %s", what, row)
