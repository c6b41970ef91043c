"""Sessions: access tokens end with them, refresh tokens rotate, stolen ones end everything."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts import sessions, tokens
from accounts.access import change_access
from accounts.models import AuthSession, User
from accounts.signed_tokens import RefreshToken
from core.models import AuditEntry
from core.principal import Role

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
    first = refresh(anyone, pair.refresh).json()["refresh_token"]
    again = refresh(anyone, pair.refresh).json()["refresh_token"]

    assert RefreshToken(first)["counter"] == RefreshToken(again)["counter"] == 1
    session.refresh_from_db()
    assert (session.counter, session.revoked_at) == (1, None)
    assert refresh(anyone, again).status_code == refresh(anyone, first).status_code == 200


def test_an_old_token_after_the_grace_ends_the_session(anyone, pair, session):
    successor = refresh(anyone, pair.refresh).json()
    later(session, 31)

    assert refresh(anyone, pair.refresh).status_code == 401

    assert me(anyone, successor["access_token"]) == 401
    assert refresh(anyone, successor["refresh_token"]).status_code == 401
    entry = AuditEntry.objects.get()
    told = (entry.actor, entry.action, entry.subject)
    assert told == ("anonymous", "token_reuse", f"authsession:{session.pk}")


def test_a_token_two_steps_old_ends_the_session(anyone, pair, session):
    successor = refresh(anyone, pair.refresh).json()
    refresh(anyone, successor["refresh_token"])

    assert refresh(anyone, pair.refresh).status_code == 401
    session.refresh_from_db()
    assert session.revoked_at is not None
    assert AuditEntry.objects.get().action == "token_reuse"


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


def block(timur):
    change_access(timur, role="user", is_active=False)


def block_and_let_in_again(timur):
    block(timur)
    change_access(timur, role="user", is_active=True)


def promote(timur):
    change_access(timur, role="admin", is_active=True)


def promote_behind_our_back(timur):
    User.objects.filter(pk=timur.pk).update(role="admin")


def delete(timur):
    timur.consents.all().delete()  # the proof of an agreement is not deleted in passing
    timur.delete()


@pytest.mark.parametrize(
    "change", [block, block_and_let_in_again, promote, promote_behind_our_back, delete]
)
def test_a_blocked_changed_or_deleted_account_is_out_at_once(anyone, timur, change):
    pair = tokens.issue(AuthSession.objects.create(user=timur, platform="web"))
    assert me(anyone, pair.access) == 200

    change(timur)

    assert me(anyone, pair.access) == 401
    assert refresh(anyone, pair.refresh).status_code == 401


def test_a_suspended_shop_is_out_at_once(anyone, atelier):
    pair = tokens.issue(AuthSession.objects.create(shop=atelier, platform="web"))
    atelier.is_active = False
    atelier.save(update_fields=["is_active"])

    own = anyone.get("/api/v1/shops/me", HTTP_AUTHORIZATION=f"Bearer {pair.access}")

    assert own.status_code == 401
    assert refresh(anyone, pair.refresh).status_code == 401


@pytest.mark.parametrize(("field", "days"), [("last_seen_at", 30), ("created_at", 90)])
def test_a_session_lives_only_so_long(anyone, pair, session, field, days):
    principal = tokens.verify(pair.access)[1]

    def aged(**age):
        return AuthSession.objects.update(**{field: timezone.now() - timedelta(**age)})

    aged(days=days - 1)
    assert me(anyone, pair.access) == 200
    assert sessions.is_alive(principal)

    aged(days=days, seconds=1)
    assert me(anyone, pair.access) == 401
    assert refresh(anyone, pair.refresh).status_code == 401
    assert not sessions.is_alive(principal)
    session.refresh_from_db()
    assert session.counter == 0


def test_use_is_noted_once_a_minute_and_not_with_every_request(
    anyone, pair, session, django_assert_num_queries
):
    with django_assert_num_queries(1):
        assert me(anyone, pair.access) == 200
    ago = timezone.now() - timedelta(minutes=2)
    AuthSession.objects.update(last_seen_at=ago)

    with django_assert_num_queries(2):
        me(anyone, pair.access)
    with django_assert_num_queries(1):
        me(anyone, pair.access)

    session.refresh_from_db()
    assert timezone.now() - session.last_seen_at < timedelta(seconds=10)


def test_a_refresh_notes_where_it_came_from(anyone, pair, session):
    AuthSession.objects.update(last_seen_at=timezone.now() - timedelta(days=3), ip="192.0.2.1")

    anyone.post(
        REFRESH,
        {"refresh_token": pair.refresh},
        REMOTE_ADDR="203.0.113.7",
        HTTP_USER_AGENT="Dart/3.5 (dart:io)\0" + "x" * 400,
    )

    session.refresh_from_db()
    assert (session.ip, session.user_agent[:19], len(session.user_agent)) == (
        "203.0.113.7",
        "Dart/3.5 (dart:io)x",
        300,
    )
    assert timezone.now() - session.last_seen_at < timedelta(seconds=10)


def test_the_session_is_found_by_its_key_among_thousands(timur, session):
    AuthSession.objects.bulk_create(AuthSession(user=timur, platform="mobile") for _ in range(3000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE auth_sessions")  # else the plan is for what other tests left behind

    plan = AuthSession.objects.alive().select_related("user", "shop").filter(pk=session.pk)

    assert "auth_sessions_pkey" in plan.explain()


def test_a_role_is_what_the_session_was_made_for(admin):
    on_web = tokens.issue(AuthSession.objects.create(user=admin, platform="web"))
    on_phone = tokens.issue(AuthSession.objects.create(user=admin, platform="mobile"))

    assert tokens.verify(on_web.access)[1].role is Role.ADMIN
    assert tokens.verify(on_phone.access)[1].role is Role.USER


def test_the_wrong_kind_of_account_is_told_so(as_atelier, as_aigerim, anyone):
    wrong = as_atelier.get(ME)

    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_account_type")
    assert as_aigerim.get("/api/v1/shops/me").json()["code"] == "wrong_account_type"
    missing = anyone.get(ME)
    assert (missing.status_code, missing["WWW-Authenticate"]) == (401, "Bearer")
