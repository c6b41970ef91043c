"""`manage.py make_admin EMAIL` makes a person who has signed up an administrator."""

import pytest
from django.core.management import CommandError, call_command


def test_the_person_with_this_email_becomes_an_administrator(aigerim, timur):
    answer = call_command("make_admin", "aigerim@example.kz")

    aigerim.refresh_from_db()
    timur.refresh_from_db()
    assert aigerim.role == "admin"
    assert aigerim.is_staff
    assert timur.role == "user"
    assert answer == "aigerim@example.kz is an administrator."


def test_an_unknown_email_is_refused(aigerim):
    with pytest.raises(CommandError, match=r"Nobody has signed up with who@example\.kz"):
        call_command("make_admin", "who@example.kz")

    aigerim.refresh_from_db()
    assert aigerim.role == "user"
