"""Sessions are forgotten 90 days after they are over, cookies when they expire."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import AuthSession
from accounts.tasks import clear_expired_keys, clear_old_sessions


def days_ago(days):
    return timezone.now() - timedelta(days=days)


@pytest.fixture
def make(timur):
    def session(**fields):
        row = AuthSession.objects.create(user=timur, platform="mobile")
        AuthSession.objects.filter(pk=row.pk).update(**fields)
        return row

    return session


def test_what_has_been_over_for_ninety_days_is_deleted(make):
    kept = [
        make(),
        make(revoked_at=days_ago(89)),
        make(last_seen_at=days_ago(119)),
        make(created_at=days_ago(179)),
    ]
    for gone in (
        {"revoked_at": days_ago(91)},
        {"last_seen_at": days_ago(121)},
        {"created_at": days_ago(181)},
    ):
        make(**gone)

    assert clear_old_sessions() == 3
    assert set(AuthSession.objects.all()) == set(kept)
    assert clear_old_sessions() == 0


def test_expired_cookies_are_forgotten(db):
    for age in (60, -60):
        session = SessionStore()
        session.set_expiry(age)
        session.save()

    clear_old_sessions()

    assert Session.objects.get().expire_date > timezone.now()


def test_no_key_is_nothing_to_clear(db):
    assert clear_expired_keys() == 0
