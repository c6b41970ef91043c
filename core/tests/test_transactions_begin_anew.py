"""A transaction that the database ended for another's sake is tried again, as a whole."""

import threading

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg import errors

from accounts.models import User
from billing.tests.test_ledger import at_once
from core import transactions
from core.transactions import atomic

pytestmark = pytest.mark.django_db(transaction=True)
TRIES = 1 + transactions.MORE_TRIES


@pytest.fixture(autouse=True)
def _expected(caplog):
    """What is logged here is meant to be."""
    yield
    caplog.get_records("call").clear()


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(transactions, "PAUSE_SECONDS", 0.001)


def crossing(users):
    """Two who lock the same rows in opposite orders, and meet in the middle the first time."""
    middle, met = threading.Barrier(2), set()

    def work(number):
        first, second = users if number else reversed(users)
        User.objects.filter(pk=first.pk).update(name=f"First of {number}")
        if number not in met:
            met.add(number)
            middle.wait(timeout=5)
        User.objects.filter(pk=second.pk).update(name=f"Second of {number}")

    return work


def ended_by(error, times):
    """Writes a row, and is ended by the error so many times before it succeeds."""
    runs = []

    def work():
        runs.append(None)
        User.objects.create(google_id=f"g-{len(runs)}", email=f"{len(runs)}@example.kz")
        if len(runs) <= times:
            raise OperationalError from error()
        return len(runs)

    return work, runs


def test_two_that_deadlock_both_come_to_their_end(aigerim, timur, caplog):
    assert at_once(2, atomic(crossing([aigerim, timur]))) == ["NoneType"] * 2

    assert sum("begins anew: 40P01" in record.message for record in caplog.records) == 1


def test_without_it_one_of_them_fails(aigerim, timur):
    work = crossing([aigerim, timur])

    def plainly(number):
        with transaction.atomic():
            work(number)

    assert sorted(at_once(2, plainly)) == ["NoneType", "OperationalError"]


@pytest.mark.parametrize("error", [errors.DeadlockDetected, errors.SerializationFailure])
def test_what_the_ended_tries_wrote_is_gone(error):
    work, runs = ended_by(error, times=transactions.MORE_TRIES)

    assert atomic(work)() == TRIES
    assert list(User.objects.values_list("google_id", flat=True)) == [f"g-{TRIES}"]
    assert len(runs) == TRIES


def test_after_the_last_try_the_error_comes_out():
    work, runs = ended_by(errors.DeadlockDetected, times=TRIES)

    with pytest.raises(OperationalError):
        atomic(work)()
    assert (len(runs), User.objects.count()) == (TRIES, 0)


@pytest.mark.parametrize("error", [errors.LockNotAvailable, errors.QueryCanceled])
def test_nothing_else_is_tried_again(error):
    work, runs = ended_by(error, times=1)

    with pytest.raises(OperationalError):
        atomic(work)()
    assert (len(runs), User.objects.count()) == (1, 0)


def test_a_refusal_of_the_database_is_not_tried_again(aigerim):
    runs = []

    def work():
        runs.append(None)
        User.objects.create(google_id=aigerim.google_id, email="other@example.kz")

    with pytest.raises(IntegrityError):
        atomic(work)()
    assert len(runs) == 1


def test_within_a_transaction_only_the_outermost_tries_again():
    work, runs = ended_by(errors.DeadlockDetected, times=1)
    inner, outer = atomic(work), []

    @atomic
    def whole():
        outer.append(connection.in_atomic_block)
        return inner()

    assert whole() == 2
    assert (len(runs), outer) == (2, [True, True])


def test_what_waits_for_the_commit_happens_once():
    work, _ = ended_by(errors.DeadlockDetected, times=2)
    done = []

    @atomic
    def whole():
        transaction.on_commit(lambda: done.append(None))
        return work()

    assert whole() == 3
    assert len(done) == 1
