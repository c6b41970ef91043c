"""What cannot be written into the audit log does not happen, whichever door it came by."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from catalog.models import Category
from core.models import AuditEntry
from realtime.models import Event
from shops.models import Shop

REFUSE = """
CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no room for the audit log'; END $$;
CREATE TRIGGER audit_refuses BEFORE {event} ON audit_log
  FOR EACH ROW EXECUTE FUNCTION audit_refuses();
"""
ALLOW = "DROP TRIGGER audit_refuses ON audit_log; DROP FUNCTION audit_refuses;"
no_room = pytest.raises(DatabaseError, match="no room for the audit log")


@pytest.fixture
def full(db):
    """An audit log that takes nothing any more."""
    connection.cursor().execute(REFUSE.format(event="INSERT"))


@pytest.fixture
def newcomer(db):
    return Shop.objects.create(google_id="g-n", email="n@example.kz", shop_name="Newcomer")


def approve(client, shop):
    client.raise_request_exception = False
    return client.post(f"/api/v1/admin/shops/{shop.pk}/approve")


def test_the_api_approves_no_shop(as_admin, newcomer, full, published):
    with published() as events:
        response = approve(as_admin, newcomer)

    newcomer.refresh_from_db()
    assert response.status_code == 500
    assert not newcomer.is_approved
    assert events == []


def test_the_administrators_site_changes_no_category(desk, dresses, full):
    form = {"name_ru": "Юбки", "name_kk": "Юбка", "name_en": "Skirts", "slug": "dresses"}

    with no_room:
        desk.post(
            reverse("admin:catalog_category_change", args=[dresses.pk]),
            form | {"garment": "dress", "order": "1"},
        )

    assert Category.objects.get(pk=dresses.pk).name_en == "Dresses"


def test_the_command_makes_no_administrator(aigerim, full):
    with no_room:
        call_command("make_admin", aigerim.email)

    aigerim.refresh_from_db()
    assert aigerim.role == "user"


def test_an_entry_that_cannot_be_chained_undoes_the_act_at_its_commit(
    transactional_db, as_admin, newcomer
):
    with transaction.atomic():
        connection.cursor().execute(REFUSE.format(event="UPDATE"))
    try:
        response = approve(as_admin, newcomer)
    finally:
        connection.cursor().execute(ALLOW)

    newcomer.refresh_from_db()
    assert response.status_code == 500
    assert not newcomer.is_approved
    assert not AuditEntry.objects.exists()
    assert not Event.objects.filter(type="shop_approved").exists()
    assert approve(as_admin, newcomer).status_code == 200
    assert AuditEntry.objects.get().seq == 1
