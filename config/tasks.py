"""What the worker runs for no app in particular."""

import logging

from core import audit_chain, idempotency, storage
from realtime import reading

logger = logging.getLogger(__name__)


def clear_temp() -> int:
    return storage.clear_temp()


def clear_events() -> int:
    return reading.clear_old()


def clear_idempotency_keys() -> int:
    return idempotency.clear_old()


def verify_audit() -> str:
    """Check the chain of the audit log; the line in the logs also keeps its end elsewhere."""
    try:
        head = str(audit_chain.verify())
    except audit_chain.ChainBroken as error:
        logger.exception("The audit log is broken.")
        return str(error)
    logger.info("The audit log holds: head %s", head)
    return head
