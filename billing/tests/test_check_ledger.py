import pytest
from django.core.management import CommandError, call_command
from django.db import connection


def test_a_sound_ledger_is_confirmed(aigerim, capsys):
    call_command("check_ledger")

    assert capsys.readouterr().out.startswith("The ledger holds")


def test_a_breach_is_named_and_fails(aigerim):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE users DISABLE TRIGGER ledger_guard_balance")
        cursor.execute("UPDATE users SET balance = 5 WHERE id = %s", [aigerim.pk])

        with pytest.raises(CommandError, match=f"not the sum of its lines: {aigerim.pk}"):
            call_command("check_ledger")

        cursor.execute("UPDATE users SET balance = 1000 WHERE id = %s", [aigerim.pk])
        cursor.execute("ALTER TABLE users ENABLE TRIGGER ledger_guard_balance")
