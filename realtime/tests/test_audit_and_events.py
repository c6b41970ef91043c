"""Transactions that audit and publish never wait for each other in a circle, in either order."""

from collections import Counter
from importlib import import_module

import pytest
from django.db import connection, transaction

from billing.tests.test_ledger import at_once
from core import audit
from core.models import AuditEntry
from realtime.models import Event
from realtime.publish import publish

THREADS = 16
ROUNDS = 20
AUDIENCES = ["shop:1", "users", "admins"]
NUMBERING = import_module("realtime.migrations.0003_after_the_audit").NUMBERING


def act(number):
    """Every other transaction publishes first."""
    steps = [
        lambda: audit.record("shop.approve", f"shop:{number}"),
        lambda: publish(AUDIENCES, "shop_approved", {}),
    ]
    with transaction.atomic():
        for step in steps if number % 2 else reversed(steps):
            step()


def test_both_orders_at_once_never_deadlock(transactional_db):
    outcomes = Counter()
    for _ in range(ROUNDS):
        outcomes.update(at_once(THREADS, act))

    done = THREADS * ROUNDS
    assert outcomes == {"NoneType": done}
    assert AuditEntry.objects.filter(seq__lte=done).count() == done
    for audience in AUDIENCES:
        assert Event.objects.filter(audience=audience, seq__lte=done).count() == done


@pytest.fixture
def events_numbered_alone(transactional_db):
    """The numbering of events as it would be without waiting for the audit log first."""
    with connection.cursor() as cursor:
        cursor.execute(NUMBERING % {"before": ""})
        yield
        cursor.execute(NUMBERING % {"before": "PERFORM audit_seal();"})


def test_without_the_common_order_they_do_deadlock(events_numbered_alone):
    outcomes = Counter()
    for _ in range(ROUNDS):
        outcomes.update(at_once(THREADS, act))
        if outcomes["OperationalError"]:
            break

    assert outcomes["OperationalError"] > 0
