"""Signing in with Google asks whoever has a second factor for it, before anybody is signed in."""

import pytest
from django.urls import reverse

from accounts.mfa import factors
from accounts.mfa.tests.phone import code, wrong_code
from accounts.models import User
from accounts.tests.test_sign_in import AIGERIM, come_back, demo_google
from conftest import APP_SECRET

__all__ = ["come_back", "demo_google"]  # fixtures
CHALLENGE = reverse("mfa_authenticate")


@pytest.fixture
def person(db):
    return User.objects.create(
        google_id=AIGERIM, email="aigerim@mail.example", name="A", role=User.Role.ADMIN
    )


def test_nobody_is_signed_in_before_the_code(client, come_back, person):
    factors.enrol_app(person, APP_SECRET)

    asked = come_back("next=/admin/")

    assert (asked.status_code, asked["Location"]) == (302, CHALLENGE)
    assert "_auth_user_id" not in client.session
    before = client.session.session_key
    page = client.get(CHALLENGE)
    assert "no-store" in page["Cache-Control"]
    assert 'autocomplete="one-time-code"' in page.content.decode()
    assert "Use a security key" not in page.content.decode()
    assert client.post(CHALLENGE, {"code": wrong_code()}).status_code == 200
    assert "_auth_user_id" not in client.session

    done = client.post(CHALLENGE, {"code": code()})

    assert done["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert client.session.session_key != before


def test_an_administrator_without_one_comes_in_to_set_it_up(client, come_back, person):
    finished = come_back("next=/admin/")

    assert finished["Location"] == "/admin/"
    assert client.get("/admin/")["Location"] == reverse("mfa_index")


def test_the_question_is_for_those_alone_who_come_from_google(client, person):
    factors.enrol_app(person, APP_SECRET)

    assert client.get(CHALLENGE)["Location"] == "/accounts/login/"
    assert client.post(CHALLENGE, {"code": code()})["Location"] == "/accounts/login/"


def test_who_gives_up_may_take_another_account(client, come_back, person):
    factors.enrol_app(person, APP_SECRET)
    come_back("next=/admin/")

    client.post(reverse("panel-sign-out"))

    assert client.get(CHALLENGE)["Location"] == "/accounts/login/"
