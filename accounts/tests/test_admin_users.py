"""Administrators give and take roles in the Django admin, and nothing else of a person."""

from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import erasure
from accounts.models import User


def page_of(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def columns(update: str) -> list[str]:
    changes = update.partition(" SET ")[2].partition(" WHERE ")[0]
    return [part.split('"')[1] for part in changes.split(", ")]


def test_a_role_change_writes_the_role_and_nothing_else(desk, aigerim):
    sent = {"role": "admin", "is_active": "on", "balance": "9999", "name": "Somebody"}

    with CaptureQueriesContext(
        connection,
    ) as queries:
        desk.post(page_of(aigerim), sent)

    written = [query["sql"] for query in queries if query["sql"].startswith('UPDATE "users"')]
    aigerim.refresh_from_db()
    assert [columns(update) for update in written] == [
        ["role", "is_active", "updated_at"],
        ["password"],  # ends the panel's cookies
    ]
    assert aigerim.role == "admin"
    assert (aigerim.balance, aigerim.name) == (Decimal(1000), "Aigerim")


def test_a_person_is_blocked(desk, aigerim):
    desk.post(page_of(aigerim), {"role": "user"})

    aigerim.refresh_from_db()
    assert not aigerim.is_active
    assert aigerim.role == "user"


def test_nobody_takes_their_own_rights_away(desk, admin):
    desk.post(page_of(admin), {"role": "user"})

    admin.refresh_from_db()
    assert admin.role == "admin"
    assert admin.is_active


def test_an_unknown_role_is_refused(desk, aigerim):
    response = desk.post(page_of(aigerim), {"role": "owner", "is_active": "on"})

    aigerim.refresh_from_db()
    assert response.status_code == 200
    assert aigerim.role == "user"


def test_people_are_found_by_name_and_email(desk, aigerim, timur):
    address = reverse("admin:accounts_user_changelist")

    by_name = desk.get(address, {"q": "aiger"}).context["cl"].result_list
    by_email = desk.get(address, {"q": "timur@example.kz"}).context["cl"].result_list

    assert list(by_name) == [aigerim]
    assert list(by_email) == [timur]


def test_people_are_neither_added_nor_deleted(desk, aigerim):
    delete = reverse("admin:accounts_user_delete", args=[aigerim.pk])

    assert desk.get(reverse("admin:accounts_user_add")).status_code == 403
    assert desk.post(delete, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=aigerim.pk).exists()


def test_an_erased_person_stays_so(desk, timur):
    erasure.erase(timur)

    response = desk.post(page_of(timur), {"role": "admin", "is_active": "on"})

    timur.refresh_from_db()
    assert response.status_code == 302
    assert (timur.role, timur.is_active) == ("user", False)
