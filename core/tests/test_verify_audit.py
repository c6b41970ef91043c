"""`manage.py verify_audit` names the first link of the chain that is not as it was written."""

import logging

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from config.tasks import verify_audit
from core import audit
from core.models import AuditEntry

OFF, ON = (f"ALTER TABLE audit_log {how} TRIGGER USER" for how in ("DISABLE", "ENABLE"))


@pytest.fixture
def log(transactional_db):
    """Five entries of five transactions."""
    for number in range(1, 6):
        with transaction.atomic():
            audit.record("shop.approve", f"shop:{number}", after={"is_approved": True})
    connection.cursor().execute("ALTER TABLE audit_log ENABLE TRIGGER USER")
    yield
    connection.cursor().execute("ALTER TABLE audit_log DISABLE TRIGGER audit_no_truncate")


def tamper(sql):
    """Change the log as somebody does who may switch its triggers off."""
    with transaction.atomic():
        connection.cursor().execute(f"{OFF}; {sql}; {ON}")


def head():
    newest = AuditEntry.objects.order_by("seq").last()
    return f"{newest.seq}:{newest.hash}"


def forged():
    """Compute the chain anew, as somebody would who knows how."""
    previous = ""
    for entry in AuditEntry.objects.order_by("seq"):
        previous = audit.digest(entry.seq, previous, entry.record)
        tamper(f"UPDATE audit_log SET hash = '{previous}' WHERE seq = {entry.seq}")


def test_a_log_that_holds_tells_its_end(log):
    assert call_command("verify_audit") == f"5 entries, head {head()}"
    assert call_command("verify_audit", expect=head()) == f"5 entries, head {head()}"


def test_an_empty_log_holds(transactional_db):
    assert call_command("verify_audit") == "0 entries, head 0:"


def test_entries_written_since_the_end_was_kept_are_fine(log):
    kept = head()
    with transaction.atomic():
        audit.record("shop.approve", "shop:6")

    assert call_command("verify_audit", expect=kept).startswith("6 entries, head 6:")


@pytest.mark.parametrize(
    ("sql", "complaint"),
    [
        (
            "UPDATE audit_log SET record = replace(record, 'shop:3', 'shop:9') WHERE seq = 3",
            "Entry 3 was changed: its hash is not that of its record.",
        ),
        (
            "UPDATE audit_log SET hash = repeat('0', 64) WHERE seq = 4",
            "Entry 4 was changed: its hash is not that of its record.",
        ),
        ("DELETE FROM audit_log WHERE seq = 2", "Entry 2 is missing."),
        ("DELETE FROM audit_log WHERE seq = 1", "Entry 1 is missing."),
        (
            """DELETE FROM audit_log WHERE seq = 2;
            UPDATE audit_log SET seq = 2 WHERE seq = 3;
            UPDATE audit_log SET seq = 3 WHERE seq = 4;
            UPDATE audit_log SET seq = 4 WHERE seq = 5""",
            "Entry 2 was changed",
        ),
        (
            """UPDATE audit_log SET seq = 9 WHERE seq = 2;
            UPDATE audit_log SET seq = 2 WHERE seq = 3;
            UPDATE audit_log SET seq = 3 WHERE seq = 9""",
            "Entry 2 was changed",
        ),
        (
            """INSERT INTO audit_log (record, seq, hash)
            SELECT record, 6, hash FROM audit_log WHERE seq = 5""",
            "Entry 6 was changed",
        ),
        (
            "INSERT INTO audit_log (record, hash) SELECT record, '' FROM audit_log WHERE seq = 5",
            "was written past the chain.",
        ),
        (
            "UPDATE audit_log SET seq = NULL WHERE seq = 5",
            "was written past the chain.",
        ),
    ],
)
def test_what_was_tampered_with_is_named(log, sql, complaint):
    tamper(sql)

    with pytest.raises(CommandError, match=complaint) as raised:
        call_command("verify_audit")

    assert raised.value.returncode == 1
    assert str(raised.value).startswith("The audit log is broken. ")


def test_columns_that_say_something_else_than_the_record_are_noticed(log):
    tamper("ALTER TABLE audit_log ALTER COLUMN actor DROP EXPRESSION")
    try:
        tamper("UPDATE audit_log SET actor = 'admin:1' WHERE seq = 3")
        with pytest.raises(CommandError, match=r"than its record: actor\."):
            call_command("verify_audit")
    finally:
        tamper(
            "ALTER TABLE audit_log DROP COLUMN actor; ALTER TABLE audit_log ADD COLUMN actor text"
            " GENERATED ALWAYS AS ((record::jsonb) ->> 'actor') STORED;"
            " CREATE INDEX audit_actor ON audit_log (actor, seq)"
        )


def test_a_cut_tail_is_noticed_by_the_end_that_was_kept(log):
    kept = head()
    tamper("DELETE FROM audit_log WHERE seq >= 4")

    assert call_command("verify_audit").startswith("3 entries")
    with pytest.raises(CommandError, match="The log ends at entry 3; it once went on to 5:"):
        call_command("verify_audit", expect=kept)


def test_a_chain_computed_anew_is_noticed_by_the_end_that_was_kept(log):
    kept = head()
    tamper("UPDATE audit_log SET record = replace(record, 'shop:3', 'shop:9') WHERE seq = 3")
    forged()

    assert call_command("verify_audit").startswith("5 entries")
    with pytest.raises(CommandError, match="Entry 5 is not the one that was kept"):
        call_command("verify_audit", expect=kept)


@pytest.mark.parametrize("expect", ["5", "5:", "x:00", "5:" + "0" * 63, "5:zz"])
def test_an_end_that_is_none_is_refused(log, expect):
    with pytest.raises(CommandError, match="--expect is SEQ:HASH"):
        call_command("verify_audit", expect=expect)


def test_the_worker_says_daily_where_the_log_ends_or_that_it_is_broken(log, caplog):
    caplog.set_level(logging.INFO, "config.tasks")
    verify_audit()
    tamper("DELETE FROM audit_log WHERE seq = 2")
    verify_audit()

    lines = [(line.levelname, line.getMessage()) for line in caplog.records]
    assert lines[0][0] == "INFO"
    assert lines[0][1].startswith("The audit log holds: head 5:")
    assert lines[1] == ("ERROR", "The audit log is broken.")
    assert "Entry 2 is missing." in caplog.text
