"""Refreshes at once: one successor each round, and a slow twin never puts a phone out."""

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.models import QuerySet
from django.utils import timezone

from accounts import tokens
from accounts.models import AuthSession
from accounts.signed_tokens import RefreshToken
from billing.tests.test_ledger import at_once
from config.tests.conftest import wait_until
from core.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)
GATE = 4711  # an advisory lock: what holds a slow twin up
SLOW_TWIN = f"""
CREATE FUNCTION slow_twin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF current_setting('application_name') = 'slow twin' THEN
        PERFORM pg_advisory_xact_lock({GATE});
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER slow_twin BEFORE UPDATE ON auth_sessions EXECUTE FUNCTION slow_twin();
"""
WAITING = """
SELECT application_name FROM pg_stat_activity
WHERE wait_event_type = 'Lock' AND datname = current_database()
"""


@pytest.fixture
def session(timur):
    return AuthSession.objects.create(user=timur, platform="mobile")


@pytest.fixture
def slow_twin():
    """Hold updates of sessions up in connections that call themselves slow twins."""
    with connection.cursor() as cursor:
        cursor.execute(SLOW_TWIN)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER slow_twin ON auth_sessions; DROP FUNCTION slow_twin()")


def counter_of(refresh):
    return RefreshToken(refresh)["counter"]


def test_ten_rounds_of_ten_refreshes_give_one_successor_each(session):
    copies = [tokens.issue(session).refresh]
    for number in range(1, 11):
        answers = []

        def refresh(caller, copies=copies, answers=answers):
            answers.append(tokens.rotate(copies[caller % len(copies)]))

        outcomes = at_once(10, refresh)

        assert outcomes == ["NoneType"] * 10
        assert {counter_of(pair.refresh) for pair in answers} == {number}
        session.refresh_from_db()
        assert (session.counter, session.revoked_at) == (number, None)
        for pair in answers:
            assert tokens.verify(pair.access)[1].session_id == str(session.pk)
        copies = [pair.refresh for pair in answers]  # the next round uses every copy
    assert not AuditEntry.objects.exists()


def test_after_the_grace_a_replay_at_once_ends_the_session_and_is_audited_once(session):
    stolen = tokens.issue(session).refresh
    fresh = tokens.rotate(stolen)
    ago = timezone.now() - timedelta(seconds=31)
    AuthSession.objects.filter(pk=session.pk).update(rotated_at=ago)

    outcomes = at_once(10, lambda _: tokens.rotate(stolen))

    assert outcomes == ["InvalidToken"] * 10
    for dead in (tokens.verify, fresh.access), (tokens.rotate, fresh.refresh):
        with pytest.raises(tokens.InvalidToken):
            dead[0](dead[1])
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject) == ("token_reuse", f"authsession:{session.pk}")


def phone_with_a_slow_twin(session):
    """Send one token twice; the slow copy is still at work when the phone goes two on, if it may.

    The twin is let go when the phone has done so, or waits for the twin.
    """
    first, phone = tokens.issue(session).refresh, []

    def be_slow():
        with connection.cursor() as cursor:
            cursor.execute("SET application_name = 'slow twin'; SET lock_timeout = 0")
        tokens.rotate(first)
        connections.close_all()

    def go_two_on():
        with connection.cursor() as cursor:
            cursor.execute("SET application_name = 'phone'; SET lock_timeout = 0")
        phone.append(tokens.rotate(tokens.rotate(first).refresh))
        connections.close_all()

    twin, owner = threading.Thread(target=be_slow), threading.Thread(target=go_two_on)
    with closed_gate():
        twin.start()
        wait_until(lambda: "slow twin" in waiting())
        owner.start()
        wait_until(lambda: phone or "phone" in waiting())
    twin.join()
    owner.join()
    return phone[0]


@contextmanager
def closed_gate():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [GATE])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [GATE])


def waiting():
    """What calls itself so and waits for a lock."""
    with connection.cursor() as cursor:
        return {name for (name,) in cursor.execute(WAITING).fetchall()}


def test_a_slow_twin_does_not_turn_the_counter_back(session, slow_twin):
    phone = phone_with_a_slow_twin(session)

    session.refresh_from_db()
    assert session.counter == 2
    assert counter_of(tokens.rotate(phone.refresh).refresh) == 3


def test_without_the_row_lock_the_slow_twin_would_put_the_phone_out(
    session, slow_twin, monkeypatch
):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)

    phone = phone_with_a_slow_twin(session)

    session.refresh_from_db()
    assert session.counter == 1
    with pytest.raises(tokens.InvalidToken):
        tokens.rotate(phone.refresh)
