"""Administrators see where people are signed in, and sign them out there, audited."""

import pytest
from django.urls import reverse

from accounts.models import AuthSession
from core.models import AuditEntry
from shops.tests.owners import browser_of

LIST = reverse("admin:accounts_authsession_changelist")


@pytest.fixture
def desk(admin):
    return browser_of(admin)


@pytest.fixture
def phone(timur):
    return AuthSession.objects.create(user=timur, platform="mobile", ip="203.0.113.7")


def test_selected_sessions_are_ended_and_that_is_audited(desk, admin, phone, aigerim):
    other = AuthSession.objects.create(user=aigerim, platform="web")
    chosen = {"action": "end_selected", "_selected_action": [str(phone.pk)]}

    desk.post(LIST, chosen)
    desk.post(LIST, chosen)

    assert list(AuthSession.objects.alive()) == [other]
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.subject) == (
        f"admin:{admin.pk}",
        "session.end",
        f"authsession:{phone.pk}",
    )
    assert "203.0.113.7" not in entry.record


def test_sessions_are_found_by_their_person(desk, phone, aigerim):
    AuthSession.objects.create(user=aigerim, platform="web")

    found = desk.get(LIST, {"q": "timur@example.kz"}).context["cl"].result_list

    assert list(found) == [phone]


def test_those_that_let_in_are_told_from_those_that_ended(desk, phone, aigerim):
    AuthSession.objects.create(user=aigerim, platform="web", revoked_at=phone.created_at)

    found = desk.get(LIST, {"alive": "1"}).context["cl"].result_list

    assert list(found) == [phone]
