"""Every route of the platform against sixteen principals: see access.py."""

import time
from typing import Any

import jwt
import pytest
from django.db import transaction
from rest_framework.test import APIClient

from accounts import sessions, tokens
from accounts.models import AuthSession, User
from accounts.signing_keys import key_ring
from config.tests.access import API, Only
from config.tests.routes import API_ROUTES, V1, filled
from conftest import browser_of, signed_in
from shops.models import Shop

pytestmark = pytest.mark.usefixtures("unlimited")

PEOPLE = {"user", "other user", "admin on mobile"}
SELLERS = {"shop", "other shop", "unapproved shop"}
ADMINS = {"admin", "admin without second factor"}
SHUT_OUT = {
    "blocked user",
    "suspended shop",
    "expired token",
    "revoked session",
    "refresh token",
    "wrong audience",
    "alg none",
}
PRINCIPALS = sorted({"anonymous"} | PEOPLE | SELLERS | ADMINS | SHUT_OUT)
LETS_IN = {
    Only.SIGNED_IN: PEOPLE | SELLERS | ADMINS,
    Only.USER: PEOPLE | ADMINS,
    Only.USER_STEPPED_UP: PEOPLE | ADMINS,
    Only.SHOP: SELLERS,
    Only.SHOP_STEPPED_UP: SELLERS,
    Only.SHOP_SIGNED: SELLERS,
    Only.ADMIN: ADMINS,
    Only.ADMIN_STEPPED_UP: ADMINS,
    Only.ADMIN_SIGNED: ADMINS,
}
FOR_ADMINISTRATORS = {Only.ADMIN, Only.ADMIN_STEPPED_UP, Only.ADMIN_SIGNED}
WITHOUT_SECOND_FACTOR = {Only.SIGNED_IN, Only.USER, Only.SHOP}
SIGNED = {Only.SHOP_SIGNED, Only.ADMIN_SIGNED}
IN = "in"


def wanted(only: Only, principal: str) -> str:
    """`in`, or why not: a code. Of the principals only `admin` has shown a second factor."""
    if only is Only.OPEN:
        return IN
    if principal in SHUT_OUT or (principal == "anonymous" and only is not Only.ANYONE):
        return "401"
    if only is Only.ANYONE:
        return IN
    if principal not in LETS_IN[only]:
        return "admin_only" if only in FOR_ADMINISTRATORS else "wrong_account_type"
    if principal != "admin" and only not in WITHOUT_SECOND_FACTOR:
        return "second_factor_required"
    return "bad_signature" if only in SIGNED else IN


def verdict(response: Any) -> str:
    if response.status_code not in {401, 403}:
        return IN
    code: str = response.json()["code"]
    return "401" if code in {"invalid_token", "not_authenticated"} else code


def test_there_are_sixteen_principals():
    assert len(PRINCIPALS) == 16


def test_the_table_names_every_route_of_the_api_and_no_other():
    assert {route: set(methods) for route, methods in API.items()} == API_ROUTES


@pytest.fixture
def bearers(aigerim, timur, admin, atelier, bazaar) -> dict[str, str]:
    """The token of each principal; that of `anonymous` is empty."""
    tokens_of = {
        "anonymous": "",
        "user": token(aigerim),
        "other user": token(timur),
        "shop": token(atelier),
        "other shop": token(bazaar),
        "unapproved shop": token(new_shop("unapproved")),
        "admin": token(admin, "web"),
        "admin without second factor": token(admin, "web", second_factor=False),
        "admin on mobile": token(admin, "mobile"),
        "blocked user": token(new_user("blocked")),
        "suspended shop": token(new_shop("suspended", is_approved=True)),
        "revoked session": token(aigerim),
        "refresh token": tokens.issue(aigerim.sessions.first()).refresh,
        "expired token": signed_again(token(aigerim), exp=int(time.time()) - 1),
        "wrong audience": signed_again(token(aigerim), aud="another"),
        "alg none": jwt.encode(claims_of(token(aigerim)), None, algorithm="none"),
    }
    User.objects.filter(name="blocked").update(is_active=False)
    Shop.objects.filter(shop_name="suspended").update(is_active=False)
    revoked = claims_of(tokens_of["revoked session"])["sid"]
    sessions.end(AuthSession.objects.get(pk=revoked))
    assert set(tokens_of) == set(PRINCIPALS)
    return tokens_of


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_a_principal_is_let_in_where_the_table_says(principal, bearers):
    client = APIClient()
    if bearers[principal]:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {bearers[principal]}")

    assert surprises(client, principal) == {}


def test_the_api_ignores_cookies(admin):
    assert surprises(browser_of(admin), "anonymous") == {}


def test_a_table_that_is_wrong_is_noticed(admin, monkeypatch):
    """The negative control."""
    monkeypatch.setitem(API, "admin/users", {"GET": Only.ANYONE})
    monkeypatch.setitem(API, "config", {"GET": Only.USER})

    assert surprises(APIClient(), "anonymous") == {
        ("GET", "admin/users"): ("401", IN),
        ("GET", "config"): (IN, "401"),
    }


def surprises(client: Any, principal: str) -> dict[tuple[str, str], tuple[str, str]]:
    """What was answered and what should have been, for every route where they differ."""
    found = {}
    for route, methods in API.items():
        for method, only in methods.items():
            seen, should = verdict(call(client, method, route)), wanted(only, principal)
            if seen != should:
                found[method, route] = (seen, should)
    return found


def new_user(name: str) -> User:
    return User.objects.create(google_id=f"g-{name}", email=f"{name}@example.kz", name=name)


def new_shop(name: str, **details: Any) -> Shop:
    told = {"google_id": f"g-{name}", "email": f"{name}@example.kz", "shop_name": name}
    return Shop.objects.create(**told, **details)


def token(account: User | Shop, platform: str = "mobile", **told: bool) -> str:
    client = signed_in(account, platform, **told)
    return client._credentials["HTTP_AUTHORIZATION"].removeprefix("Bearer ")


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def signed_again(token: str, **changes: Any) -> str:
    key = key_ring.signer()
    return jwt.encode(claims_of(token) | changes, key.secret, "HS256", {"kid": key.kid})


def call(client: Any, method: str, route: str) -> Any:
    """Ask once, and leave the database as it was."""
    with transaction.atomic():
        response = client.generic(method, filled(V1 + route), content_type="application/json")
        transaction.set_rollback(True)
    return response
