"""A person's own profile."""

import pytest


def test_a_name_is_changed_and_nothing_else(as_aigerim, aigerim):
    response = as_aigerim.put(
        "/api/v1/users/me",
        {"name": "Aigerim B.", "balance": 10**6, "role": "admin", "email": "x@x.kz"},
    )

    assert response.json()["name"] == "Aigerim B."
    aigerim.refresh_from_db()
    assert (aigerim.balance, aigerim.role, aigerim.email) == (1000, "user", "aigerim@example.kz")


@pytest.mark.parametrize("sent", [{"name": ""}, {"name": "x" * 256}, {"avatar_url": "javascript:"}])
def test_senseless_changes_are_refused(as_aigerim, sent):
    assert as_aigerim.put("/api/v1/users/me", sent).status_code == 422


def test_money_is_a_number(as_aigerim):
    assert as_aigerim.get("/api/v1/users/me/balance").json() == {
        "balance": 1000.0,
        "free_generations_left": 0,
        "free_try_ons_left": 0,
    }
    [line] = as_aigerim.get("/api/v1/users/me/transactions").json()
    assert (line["type"], line["amount"], line["balance_after"]) == ("promo", 1000.0, 1000.0)


def test_administrators_list_people(as_admin, as_aigerim, aigerim):
    people = as_admin.get("/api/v1/admin/users").json()

    assert [person["email"] for person in people] == ["aigerim@example.kz", "admin@example.kz"]
    assert as_aigerim.get("/api/v1/admin/users").status_code == 403
