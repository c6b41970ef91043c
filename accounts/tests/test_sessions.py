"""Sessions: access tokens end with them, refresh tokens rotate, stolen ones end everything."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import tokens
from accounts.models import AuthSession, User
from billing.tests.test_ledger import at_once

REFRESH, LOGOUT, ME = "/api/v1/auth/refresh", "/api/v1/auth/logout", "/api/v1/users/me"


@pytest.fixture
def session(timur):
    return AuthSession.objects.create(user=timur, platform="mobile")


@pytest.fixture
def pair(session):
    return tokens.issue(session)


def me(client, access):
    return client.get(ME, HTTP_AUTHORIZATION=f"Bearer {access}").status_code


def refresh(client, token):
    return client.post(REFRESH, {"refresh_token": token})


def later(session, seconds):
    """Let time pass since the last rotation."""
    AuthSession.objects.filter(pk=session.pk).update(
        rotated_at=timezone.now() - timedelta(seconds=seconds)
    )


def test_a_refresh_gives_the_next_pair_in_both_spellings(anyone, pair):
    body = refresh(anyone, pair.refresh).json()

    assert body["token_type"] == "bearer"
    assert body["access_token"] == body["accessToken"]
    assert body["refresh_token"] == body["refreshToken"] != pair.refresh
    assert me(anyone, body["access_token"]) == 200


def test_a_lost_answer_does_not_log_a_phone_out(anyone, pair, session):
    refresh(anyone, pair.refresh)
    again = refresh(anyone, pair.refresh)

    assert again.status_code == 200
    session.refresh_from_db()
    assert session.counter == 1


def test_an_old_token_after_the_grace_ends_the_session(anyone, pair, session):
    successor = refresh(anyone, pair.refresh).json()
    later(session, 31)

    assert refresh(anyone, pair.refresh).status_code == 401

    assert me(anyone, successor["access_token"]) == 401
    assert refresh(anyone, successor["refresh_token"]).status_code == 401


def test_a_token_two_steps_old_ends_the_session(anyone, pair, session):
    successor = refresh(anyone, pair.refresh).json()
    refresh(anyone, successor["refresh_token"])

    assert refresh(anyone, pair.refresh).status_code == 401
    session.refresh_from_db()
    assert session.revoked_at is not None


@pytest.mark.django_db(transaction=True)
def test_ten_refreshes_at_once_give_one_successor(anyone, session, pair):
    outcomes = at_once(10, lambda _: tokens.rotate(pair.refresh))

    assert set(outcomes) == {"TokenPair"}
    session.refresh_from_db()
    assert (session.counter, session.revoked_at) == (1, None)


def test_logging_out_stops_the_access_token_at_once(anyone, pair):
    assert me(anyone, pair.access) == 200

    response = anyone.post(LOGOUT, {"refresh_token": pair.refresh})

    assert response.status_code == 200
    assert me(anyone, pair.access) == 401
    assert refresh(anyone, pair.refresh).status_code == 401


def test_a_bearer_alone_logs_out_too(anyone, pair):
    anyone.post(LOGOUT, {}, HTTP_AUTHORIZATION=f"Bearer {pair.access}")

    assert me(anyone, pair.access) == 401
    assert anyone.post(LOGOUT, {}).status_code == 401


def test_a_token_is_used_only_for_what_it_is(anyone, pair):
    assert me(anyone, pair.refresh) == 401
    assert refresh(anyone, pair.access).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ё" * 50])
def test_nonsense_is_no_token(anyone, token, db):
    assert refresh(anyone, token or " ").status_code in {401, 422}


def test_a_blocked_or_changed_account_is_out_at_once(anyone, pair, timur):
    User.objects.filter(pk=timur.pk).update(is_active=False)

    assert me(anyone, pair.access) == 401
    assert refresh(anyone, pair.refresh).status_code == 401


def test_a_session_does_not_live_for_ever(anyone, pair, session):
    AuthSession.objects.update(created_at=timezone.now() - timedelta(days=91))

    assert refresh(anyone, pair.refresh).status_code == 401


def test_the_wrong_kind_of_account_is_told_so(as_atelier, as_aigerim, anyone):
    wrong = as_atelier.get(ME)

    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_account_type")
    assert as_aigerim.get("/api/v1/shops/me").json()["code"] == "wrong_account_type"
    missing = anyone.get(ME)
    assert (missing.status_code, missing["WWW-Authenticate"]) == (401, "Bearer")
