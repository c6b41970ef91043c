"""Signing in through the demo's own Google: the very code that talks to Google."""

from functools import cache
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter

from accounts.demo_google.keys import SigningKey
from accounts.demo_google.server import address, make_server
from accounts.models import User
from shops.models import Shop

LOGIN = "/api/v1/auth/google/login"
AIGERIM = "100000000000000000021"
KEY = cache(SigningKey.generate)


@pytest.fixture
def demo_google(settings):
    server = make_server("127.0.0.1", 0, KEY())
    Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    base = address(server)
    settings.GOOGLE_BASE_URL = base
    settings.GOOGLE_AUTHORIZE_URL = f"{base}/o/oauth2/v2/auth"
    settings.GOOGLE_TOKEN_URL = f"{base}/token"
    settings.GOOGLE_CERTS_URL = f"{base}/certs"
    settings.GOOGLE_ISSUERS = [base]
    yield base
    server.shutdown()
    server.server_close()


@pytest.fixture
def visit(anyone, demo_google, db):
    """Go to the sign-in page as a browser would, choose an account, come back with a code."""

    def go(sub=AIGERIM, **where):
        page = anyone.get("/api/v1/auth/google/url", where).json()["authorization_url"]
        chosen = httpx.post(page, data={"sub": sub})
        query = parse_qs(urlsplit(chosen.headers["Location"]).query)
        return {"code": query["code"][0], "state": query["state"][0]}

    return go


def test_a_person_is_welcomed_with_free_uses(anyone, visit):
    response = anyone.post(LOGIN, {**visit(), "account_type": "user", "platform": "mobile"})

    body = response.json()
    assert response.status_code == 200
    assert (body["token_type"], body["account_type"], body["platform"]) == (
        "bearer",
        "user",
        "mobile",
    )
    assert body["user"]["email"] == "aigerim@mail.example"
    assert (body["user"]["free_generations_left"], body["user"]["free_try_ons_left"]) == (3, 5)
    assert body["user"]["balance"] == 0
    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert (claims["user_id"], claims["role"], claims["platform"]) == (
        body["user"]["id"],
        "user",
        "mobile",
    )
    assert {"account_type", "type", "sid", "jti", "exp", "iss", "aud"} <= claims.keys()


def test_the_second_time_it_is_the_same_person(anyone, visit):
    for _ in range(2):
        anyone.post(LOGIN, {**visit(), "account_type": "user"})

    assert User.objects.count() == 1


def test_a_shop_waits_for_approval_and_administrators_hear(anyone, visit, published):
    with published() as events:
        response = anyone.post(LOGIN, {**visit(), "account_type": "shop", "platform": "web"})

    shop = response.json()["shop"]
    assert (shop["status"], shop["is_approved"]) == ("pending", False)
    [(audience, kind, data)] = events
    assert (audience, kind, data["shop_id"]) == ("admins", "shop_created", shop["id"])
    assert "email" not in data["shop"]
    claims = jwt.decode(response.json()["access_token"], options={"verify_signature": False})
    assert (claims["shop_id"], claims["role"]) == (shop["id"], "shop")
    assert "user_id" not in claims


def test_a_person_may_have_a_shop_beside(anyone, visit):
    anyone.post(LOGIN, {**visit(), "account_type": "user"})
    anyone.post(LOGIN, {**visit(), "account_type": "shop"})

    assert User.objects.get().google_id == Shop.objects.get().google_id


def test_older_web_clients_post_the_code_alone(anyone, visit):
    back = visit()
    answer = anyone.get("/api/v1/auth/google/callback", back)
    assert answer.status_code == 302
    assert answer["Location"].startswith("http://127.0.0.1:8000/callback?code=")

    response = anyone.post(LOGIN, {"code": back["code"], "account_type": "user"})

    assert response.status_code == 200


def test_a_code_works_once_and_with_its_own_state(anyone, visit):
    first, second = visit(), visit()
    mixed = {"code": first["code"], "state": second["state"], "account_type": "user"}
    assert anyone.post(LOGIN, mixed).status_code == 401

    third = visit()
    assert anyone.post(LOGIN, {**third, "account_type": "user"}).status_code == 200
    assert anyone.post(LOGIN, {**third, "account_type": "user"}).status_code == 401


@pytest.mark.parametrize("sent", [{}, {"code": "a", "id_token": "b"}])
def test_exactly_one_of_code_and_id_token_is_wanted(anyone, sent, db):
    response = anyone.post(LOGIN, {**sent, "account_type": "user"})

    assert response.status_code == 400


def test_an_administrator_is_no_account_type(anyone, db):
    response = anyone.post(LOGIN, {"code": "a", "account_type": "admin"})

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (
        422,
        "/account_type",
    )


def test_forged_credentials_are_refused(anyone, demo_google, db):
    response = anyone.post(LOGIN, {"id_token": "a.b.c", "account_type": "user"})

    assert (response.status_code, response.json()["code"]) == (401, "invalid_google_credentials")


def test_a_known_email_under_another_google_account_is_refused(anyone, visit):
    User.objects.create(google_id="someone else", email="aigerim@mail.example", name="X")

    response = anyone.post(LOGIN, {**visit(), "account_type": "user"})

    assert (response.status_code, response.json()["code"]) == (409, "email_in_use")
    assert User.objects.count() == 1


def test_a_blocked_person_stays_out(anyone, visit):
    anyone.post(LOGIN, {**visit(), "account_type": "user"})
    User.objects.update(is_active=False)

    response = anyone.post(LOGIN, {**visit(), "account_type": "user"})

    assert (response.status_code, response.json()["code"]) == (403, "account_blocked")


def test_an_administrator_has_the_role_on_the_web_alone(anyone, visit):
    anyone.post(LOGIN, {**visit(), "account_type": "user"})
    User.objects.update(role=User.Role.ADMIN)

    def refusal(platform):
        login = anyone.post(LOGIN, {**visit(), "account_type": "user", "platform": platform})
        bearer = f"Bearer {login.json()['access_token']}"
        return anyone.get("/api/v1/admin/dashboard", HTTP_AUTHORIZATION=bearer).json()["code"]

    assert (refusal("web"), refusal("mobile")) == ("second_factor_required", "admin_only")


@pytest.fixture
def come_back(client, demo_google, monkeypatch):
    """Go to Google from a page as a browser would, choose an account, and come back."""
    monkeypatch.setattr(GoogleOAuth2Adapter, "authorize_url", f"{demo_google}/o/oauth2/v2/auth")
    monkeypatch.setattr(GoogleOAuth2Adapter, "access_token_url", f"{demo_google}/token")
    client.defaults["HTTP_HOST"] = "127.0.0.1:8000"

    def go(query):
        start = client.post(f"/accounts/google/login/?{query}")
        chosen = httpx.post(start["Location"], data={"sub": AIGERIM})
        back = urlsplit(chosen.headers["Location"])
        return client.get(f"{back.path}?{back.query}")

    return go


def test_a_browser_signs_in_to_the_panel(client, come_back, db):
    finished = come_back("next=/panel/")

    assert (finished.status_code, finished["Location"]) == (302, "/panel/")
    user = User.objects.get()
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.google_id == AIGERIM


def test_a_browser_cannot_link_another_google_account(client, come_back, timur):
    client.force_login(timur, backend="allauth.account.auth_backends.AuthenticationBackend")

    finished = come_back("process=connect")
    following = client.get(finished["Location"])

    assert (finished.status_code, following.status_code) == (302, 400)
    timur.refresh_from_db()
    assert timur.google_id == "g-timur"
    assert not SocialAccount.objects.filter(user=timur).exists()


def test_a_strangers_address_opens_nothing_in_the_panel(client, come_back, db):
    User.objects.create(apple_id="someone else", email="aigerim@mail.example", name="X")

    finished = come_back("next=/panel/")

    assert finished.status_code == 409
    assert "belongs to another account" in finished.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_forged_id_token_opens_nothing_in_the_panel(client, come_back, settings, db):
    settings.GOOGLE_WEB_CLIENT_IDS = ["another application"]

    finished = come_back("next=/panel/")

    assert finished.status_code == 401
    assert "_auth_user_id" not in client.session
    assert not User.objects.exists()


def test_the_panel_stays_closed_while_used_tokens_are_not_remembered(
    client, come_back, settings, db
):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }

    finished = come_back("next=/panel/")

    assert finished.status_code == 503
    assert "_auth_user_id" not in client.session
