"""`manage.py reset_second_factor EMAIL` lets somebody in again who has lost every factor."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.mfa import factors
from accounts.models import AuthSession
from conftest import APP_SECRET, browser_of, signed_in
from core.models import AuditEntry
from shops.models import Shop


def audited():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return [json.loads(entry.record) for entry in AuditEntry.objects.all()]


def test_every_factor_and_every_session_is_gone(admin, timur):
    desk, api = browser_of(admin), signed_in(admin, "web")
    shop = Shop.objects.create(google_id=admin.google_id, email="s@x.kz", shop_name="S")
    of_shop = signed_in(shop)
    factors.enrol_app(timur, APP_SECRET)
    elsewhere, of_timur = browser_of(timur), signed_in(timur)

    said = call_command("reset_second_factor", "admin@example.kz")

    assert factors.of(admin) == {}
    assert api.get("/api/v1/users/me").status_code == 401
    assert of_shop.get("/api/v1/shops/me").status_code == 401
    assert desk.get("/panel/")["Location"].startswith("/panel/sign-in/")
    assert said.startswith("admin@example.kz had: totp. All of it is gone")
    [entry] = audited()
    assert (entry["actor"], entry["action"], entry["subject"], entry["before"]) == (
        "command:reset_second_factor",
        "mfa_reset",
        f"user:{admin.pk}",
        {"types": ["totp"]},
    )
    assert list(factors.of(timur).values()) == ["totp"]
    assert of_timur.get("/api/v1/users/me").status_code == 200
    assert "_auth_user_id" in elsewhere.session


def test_somebody_without_a_factor_is_signed_out_all_the_same(aigerim):
    signed_in(aigerim)

    assert "no second factor" in call_command("reset_second_factor", "aigerim@example.kz")

    assert AuthSession.objects.get().revoked_at is not None


def test_an_unknown_email_is_refused(admin):
    browser_of(admin)

    with pytest.raises(CommandError, match=r"Nobody has signed up with who@example\.kz"):
        call_command("reset_second_factor", "who@example.kz")

    assert factors.is_enrolled(admin)
    assert audited() == []
