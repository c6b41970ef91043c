import pytest
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory

from billing.tests.test_ledger import at_once
from core import audit
from core.models import AuditEntry
from core.principal import Principal, Role


def sealed() -> list[AuditEntry]:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return list(AuditEntry.objects.order_by("seq"))


def test_an_entry_says_who_did_what_to_what(atelier):
    request = RequestFactory().post("/", REMOTE_ADDR="203.0.113.9")
    request.auth, request.request_id = Principal(Role.ADMIN, 5, "web", "s-1"), "r-1"

    with audit.attributed_to(request):
        audit.record("shop.approve", atelier, before={"ok": False}, after={"ok": True})

    entry = sealed()[0]
    assert (entry.actor, entry.action, entry.subject) == (
        "admin:5",
        "shop.approve",
        f"shop:{atelier.pk}",
    )
    assert (entry.request_id, '"ip": "203.0.113.9"' in entry.record) == ("r-1", True)
    assert '"before": {"ok": false}' in entry.record


def test_a_command_is_named(db):
    with audit.attributed_to("command:make_admin"):
        audit.record("user.role", "user:1")
    audit.record("user.role", "user:2")

    assert [entry.actor for entry in sealed()] == ["command:make_admin", "system"]


@pytest.mark.parametrize(
    "change",
    [
        lambda: AuditEntry.objects.update(record="{}"),
        lambda: AuditEntry.objects.update(hash="0" * 64),
        lambda: AuditEntry.objects.update(seq=7),
        lambda: AuditEntry.objects.all().delete(),
        lambda: connection.cursor().execute("TRUNCATE audit_log"),
    ],
)
def test_the_database_refuses_to_change_a_sealed_entry(db, change):
    audit.record("shop.approve", "shop:1")
    sealed()
    connection.cursor().execute("ALTER TABLE audit_log ENABLE TRIGGER audit_no_truncate")

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change()

    assert AuditEntry.objects.count() == 1


def test_an_entry_needs_the_transaction_of_its_action(transactional_db):
    with pytest.raises(RuntimeError):
        audit.record("shop.approve", "shop:1")


def test_entries_written_at_once_make_one_chain(transactional_db):
    def write(number: int) -> None:
        with transaction.atomic():
            audit.record("shop.approve", f"shop:{number}")
            audit.record("shop.open", f"shop:{number}")

    at_once(16, write)

    previous = ""
    for number, entry in enumerate(AuditEntry.objects.order_by("seq"), 1):
        assert (entry.seq, entry.hash) == (number, audit.digest(number, previous, entry.record))
        previous = entry.hash
    assert AuditEntry.objects.count() == 32
