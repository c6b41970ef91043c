"""Refreshes at once: one successor each round, and a slow twin never puts a phone out."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.models import QuerySet
from django.utils import timezone

from accounts import tokens
from accounts.models import AuthSession
from accounts.signed_tokens import RefreshToken
from billing.tests.test_ledger import at_once
from core.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)
SLOW_TWIN = """
CREATE FUNCTION slow_twin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF current_setting('application_name') = 'slow twin' THEN PERFORM pg_sleep(1); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER slow_twin BEFORE UPDATE ON auth_sessions EXECUTE FUNCTION slow_twin();
"""


@pytest.fixture
def session(timur):
    return AuthSession.objects.create(user=timur, platform="mobile")


@pytest.fixture
def slow_twin():
    """Make updates of sessions slow in connections that call themselves slow twins."""
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
    """Send one token twice; the slow copy is still at work when the phone has gone two on."""
    first = tokens.issue(session).refresh

    def be_slow():
        with connection.cursor() as cursor:
            cursor.execute("SET application_name = 'slow twin'")
        tokens.rotate(first)
        connections.close_all()

    twin = threading.Thread(target=be_slow)
    twin.start()
    wait_for_the_twin()
    phone = tokens.rotate(tokens.rotate(first).refresh)
    twin.join()
    return phone


def wait_for_the_twin():
    asleep = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    with connection.cursor() as cursor:
        while cursor.execute(asleep).fetchone() is None:
            pass


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
