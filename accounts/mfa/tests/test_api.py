"""Clients of the API show the second factor; an administrator's token opens nothing before."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.utils import timezone
from rest_framework.permissions import BasePermission
from rest_framework.test import APIClient

from accounts import sessions, tokens
from accounts.mfa import factors
from accounts.mfa.tests.phone import code, wrong_code
from accounts.models import AuthSession, User
from conftest import APP_SECRET, signed_in
from core.guards import HasRecentSecondFactor, SecondFactorRequired, SecondFactorStale
from core.principal import Principal, Role

STATE, VERIFY = "/api/v1/auth/mfa", "/api/v1/auth/mfa/verify"
DASHBOARD, REFRESH = "/api/v1/admin/dashboard", "/api/v1/auth/refresh"


@pytest.fixture
def app(admin):
    """The administrator's authenticator app."""
    return factors.enrol_app(admin, APP_SECRET)


def bearing(access):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return client


def refusal(response):
    return response.status_code, response.json().get("code")


def test_an_administrator_without_a_second_factor_is_told_where_to_set_one_up(
    as_admin_without_factor,
):
    response = as_admin_without_factor.get(DASHBOARD)

    assert refusal(response) == (403, "second_factor_required")
    assert "http://127.0.0.1:8000/accounts/second-factor/" in response.json()["detail"]
    assert VERIFY in response.json()["detail"]
    assert refusal(as_admin_without_factor.post(VERIFY, {"code": "123456"})) == (
        409,
        "second_factor_not_enrolled",
    )


def test_every_route_of_administrators_asks_for_it(as_admin_without_factor, dress, atelier):
    routes = {
        "get": ["dashboard", "users", "shops", "products/moderation"],
        "post": [
            f"products/{dress.pk}/approve",
            f"products/{dress.pk}/reject",
            f"shops/{atelier.pk}/approve",
            f"shops/{atelier.pk}/reject",
        ],
    }
    for method, names in routes.items():
        for name in names:
            response = getattr(as_admin_without_factor, method)(f"/api/v1/admin/{name}")
            assert refusal(response) == (403, "second_factor_required"), name


def test_a_code_opens_them_and_replaces_the_tokens(anyone, admin, app):
    session = AuthSession.objects.create(user=admin, platform="web")
    before = tokens.issue(session)

    response = bearing(before.access).post(VERIFY, {"code": code()})

    body = response.json()
    assert response.status_code == 200
    assert body["access_token"] == body["accessToken"] != before.access
    assert body["refresh_token"] == body["refreshToken"] != before.refresh
    assert "sessionid" not in response.cookies
    assert "session" not in response.cookies
    assert bearing(body["access_token"]).get(DASHBOARD).status_code == 200
    successor = anyone.post(REFRESH, {"refresh_token": body["refresh_token"]}).json()
    assert bearing(successor["access_token"]).get(DASHBOARD).status_code == 200


def test_the_tokens_of_before_are_good_for_nothing(anyone, admin, app):
    session = AuthSession.objects.create(user=admin, platform="web")
    before = tokens.issue(session)
    after = bearing(before.access).post(VERIFY, {"code": code()}).json()

    assert anyone.post(REFRESH, {"refresh_token": before.refresh}).status_code == 401
    assert bearing(before.access).get(DASHBOARD).status_code == 401
    assert bearing(after["access_token"]).get(DASHBOARD).status_code == 200


def test_only_the_session_that_showed_it_is_opened(admin, app, as_admin_without_factor):
    other = signed_in(admin, "web", second_factor=False)

    as_admin_without_factor.post(VERIFY, {"code": code()})

    assert refusal(other.get(DASHBOARD)) == (403, "second_factor_required")


def test_an_administrator_on_a_phone_stays_an_ordinary_user(admin, app):
    phone = signed_in(admin, "mobile")

    pair = phone.post(VERIFY, {"code": code()}).json()

    answer = bearing(pair["access_token"]).get(DASHBOARD)
    assert refusal(answer) == (403, "admin_only")


def test_a_session_says_what_it_has_shown(admin, app, as_admin_without_factor, as_aigerim):
    assert as_admin_without_factor.get(STATE).json() == {
        "enrolled": True,
        "methods": ["totp"],
        "verified_at": None,
    }
    RecoveryCodes.activate(admin)

    answer = as_admin_without_factor.post(VERIFY, {"code": code()}).json()

    state = bearing(answer["access_token"]).get(STATE).json()
    assert state["methods"] == ["recovery_codes", "totp"]
    shown_at = AuthSession.objects.get(user=admin, revoked_at=None).mfa_at
    assert state["verified_at"].startswith(f"{timezone.localtime(shown_at):%Y-%m-%dT%H:%M:%S}")
    assert as_aigerim.get(STATE).json() == {"enrolled": False, "methods": [], "verified_at": None}


@pytest.mark.parametrize("sent", [{}, {"code": ""}, {"code": "1" * 21}, {"code": "1", "sub": "x"}])
def test_a_body_that_is_not_a_code_is_invalid(as_admin_without_factor, app, sent):
    assert refusal(as_admin_without_factor.post(VERIFY, sent)) == (422, "invalid")


@pytest.mark.parametrize("sent", ["abcdef", "１２３４５６", "٣٤٥٦٧٨", "  ", "💥"])
def test_nonsense_is_a_wrong_code(as_admin_without_factor, app, sent):
    response = as_admin_without_factor.post(VERIFY, {"code": sent})

    assert response.status_code == 422
    assert AuthSession.objects.get().mfa_at is None


def test_a_shop_shows_the_factor_of_its_owner(as_atelier, atelier, as_bazaar):
    owner = User.objects.create(google_id="g-atelier", email="owner@example.kz", name="Madina")
    factors.enrol_app(owner, APP_SECRET)
    assert as_atelier.get(STATE).json()["enrolled"] is True

    pair = as_atelier.post(VERIFY, {"code": code()}).json()

    state = bearing(pair["access_token"]).get(STATE).json()
    assert state["verified_at"] is not None
    assert as_bazaar.get(STATE).json()["enrolled"] is False
    assert refusal(as_bazaar.post(VERIFY, {"code": code()}))[0] == 409


def test_the_owner_may_have_an_apple_account(db, atelier):
    atelier.google_id, atelier.apple_id = None, "a-1"
    atelier.save(update_fields=["google_id", "apple_id"])
    owner = User.objects.create(apple_id="a-1", email="owner@example.kz", name="Madina")
    User.objects.create(apple_id="a-2", email="other@example.kz", name="Other")

    assert factors.person_of(atelier) == owner


def test_a_shop_that_nobody_owns_yet_has_nobodys_factors(db, atelier):
    atelier.google_id, atelier.is_active = None, False
    atelier.save(update_fields=["google_id", "is_active"])
    User.objects.create(email="nobody@example.kz", name="Nobody", is_active=False)

    assert factors.person_of(atelier) is None
    assert list(sessions.of_person(User.objects.get())) == []


class Asked:
    """A request of somebody whose second factor was shown so long ago."""

    def __init__(self, ago):
        shown_at = None if ago is None else timezone.now() - timedelta(minutes=ago)
        self.auth = Principal(Role.ADMIN, 1, "web", "s", shown_at)


def test_step_up_wants_a_factor_of_the_last_ten_minutes(db):
    guard: BasePermission = HasRecentSecondFactor()

    assert guard.has_permission(Asked(9.9), None)
    with pytest.raises(SecondFactorStale) as stale:
        guard.has_permission(Asked(10.1), None)
    with pytest.raises(SecondFactorRequired):
        guard.has_permission(Asked(None), None)
    assert VERIFY in str(stale.value)


def test_step_up_asks_a_stranger_to_sign_in(rf):
    request = rf.get("/")
    request.auth = None

    assert not HasRecentSecondFactor().has_permission(request, None)


def test_a_wrong_code_changes_nothing(as_admin_without_factor, app):
    response = as_admin_without_factor.post(VERIFY, {"code": wrong_code()})

    assert refusal(response) == (422, "wrong_code")
    assert "once" in response.json()["detail"]
    assert AuthSession.objects.get().mfa_at is None
    assert Authenticator.objects.get().last_used_at is None
