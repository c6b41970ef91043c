"""Coming back from Google: on to the web client, or into the page that older apps look at."""

import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from rest_framework.test import APIClient

from accounts.models import AuthSession, User
from shops.models import Shop

CALLBACK = "/api/v1/auth/google/callback"
BROWSER = {"HTTP_ACCEPT": "text/html", "HTTP_SEC_FETCH_SITE": "cross-site"}


@pytest.fixture
def begin(anyone, google_house, db):
    def go(account_type="user", platform="mobile", browser=anyone, **told):
        where = {"account_type": account_type, "platform": platform}
        page = browser.get("/api/v1/auth/google/url", where).json()
        return google_house.consent(page["authorization_url"], **told)

    return go


@pytest.fixture
def webview():
    """A browser beside the app: what the app has asked, it does not know."""
    return APIClient()


def kept_by(response):
    """What the page writes into the browser's storage."""
    [kept] = re.findall(r'data-keep="([^"]*)"', response.content.decode())
    return json.loads(unescape(kept))


def test_a_phone_ends_on_a_page_that_keeps_its_tokens(begin, webview):
    response = webview.get(CALLBACK, begin(), **BROWSER)

    assert (response.status_code, response["Content-Type"]) == (200, "text/html; charset=utf-8")
    kept = kept_by(response)
    assert list(kept) == [
        "flutter_auth_token",
        "flutter_auth_refresh_token",
        "flutter_auth_account_type",
        "flutter_auth_user",
        "flutter_auth_complete",
    ]
    user = json.loads(kept["flutter_auth_user"])
    assert (user["email"], kept["flutter_auth_account_type"]) == ("a@mail.example", "user")
    assert kept["flutter_auth_complete"] == "true"
    bearer = f"Bearer {kept['flutter_auth_token']}"
    assert webview.get("/api/v1/users/me", HTTP_AUTHORIZATION=bearer).json()["id"] == user["id"]
    refreshed = webview.post(
        "/api/v1/auth/refresh", {"refresh_token": kept["flutter_auth_refresh_token"]}
    )
    assert refreshed.status_code == 200
    assert AuthSession.objects.get().platform == "mobile"


def test_a_shop_may_end_there_too(begin, webview):
    kept = kept_by(webview.get(CALLBACK, begin("shop"), **BROWSER))

    assert kept["flutter_auth_account_type"] == "shop"
    assert json.loads(kept["flutter_auth_user"])["id"] == Shop.objects.get().pk
    assert not User.objects.exists()


def test_the_page_is_kept_nowhere_and_tells_nobody(begin, webview):
    response = webview.get(CALLBACK, begin(), **BROWSER)

    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "no-referrer")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    html = response.content.decode()
    assert re.findall(r"<script[^>]*>([^<]*)</script>", html) == [""]
    assert "style=" not in html
    assert not re.findall(r'(?:src|href)="(?!/static/)', html)


def test_a_name_cannot_leave_its_place(begin, webview):
    name = '"><script>alert(1)</script>'
    response = webview.get(CALLBACK, begin(name=name), **BROWSER)

    assert "<script>alert" not in response.content.decode()
    assert json.loads(kept_by(response)["flutter_auth_user"])["name"] == name


def test_a_web_client_gets_the_code_and_what_it_is_for(begin, webview):
    brought = begin("shop", "web")
    response = webview.get(CALLBACK, brought, **BROWSER)

    assert response.status_code == 302
    assert response["Location"].startswith("http://127.0.0.1:8000/callback?")
    query = parse_qs(urlsplit(response["Location"]).query)
    assert query == {
        "code": [brought["code"]],
        "state": [brought["state"]],
        "account_type": ["shop"],
        "client_type": ["web"],
    }
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert not AuthSession.objects.exists()


@pytest.mark.parametrize("name", ["platform", "client_type", "account_type"])
def test_the_address_does_not_decide_what_the_sign_in_is_for(begin, webview, name):
    told = {**begin("user", "web"), name: "shop" if name == "account_type" else "mobile"}

    response = webview.get(CALLBACK, told, **BROWSER)

    assert response.status_code == 302
    assert "account_type=user&client_type=web" in response["Location"]
    assert not AuthSession.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"code": "a"},
        {"state": "a"},
        {"code": "a", "state": '{"account_type": "user", "client_type": "mobile"}'},
        {"code": "a" * 5000, "state": "b" * 5000},
    ],
)
def test_a_state_that_is_not_ours_signs_nobody_in(anyone, query, db):
    response = anyone.get(CALLBACK, query, **BROWSER)

    assert response["Location"] == "http://127.0.0.1:8000/callback?error=invalid_state"
    assert not AuthSession.objects.exists()


def test_somebody_who_changes_their_mind_goes_back_too(begin, webview):
    state = begin("user", "web")["state"]

    response = webview.get(CALLBACK, {"error": "access_denied", "state": state}, **BROWSER)

    assert response["Location"] == "http://127.0.0.1:8000/callback?error=access_denied"


def test_the_page_is_shown_once(begin, webview):
    brought = begin()
    webview.get(CALLBACK, brought, **BROWSER)

    again = webview.get(CALLBACK, brought, **BROWSER)

    assert again["Location"].endswith("error=invalid_state")
    assert AuthSession.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "status"), [({"nonce": "another"}, 401), ({"aud": "attacker"}, 401)]
)
def test_a_sign_in_that_fails_is_told_on_a_page(begin, webview, told, status):
    response = webview.get(CALLBACK, begin(**told), **BROWSER)

    assert response.status_code == status
    assert "Invalid Google authentication credentials." in response.content.decode()
    assert "data-keep" not in response.content.decode()
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_a_blocked_person_is_told_on_a_page(begin, webview):
    User.objects.create(google_id="1077", email="a@mail.example", name="A", is_active=False)

    response = webview.get(CALLBACK, begin(), **BROWSER)

    assert response.status_code == 403
    assert not AuthSession.objects.exists()


def test_a_browser_that_began_another_sign_in_is_not_given_a_strangers(begin, anyone):
    begin()
    strangers = begin(browser=APIClient())

    response = anyone.get(CALLBACK, strangers, **BROWSER)

    assert response.status_code == 401
    assert "data-keep" not in response.content.decode()
    assert not AuthSession.objects.exists()


def test_while_the_cache_is_down_the_browser_still_goes_somewhere(begin, webview, settings):
    brought = begin()
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }

    response = webview.get(CALLBACK, brought, **BROWSER)

    assert response["Location"].endswith("/callback?error=sign_in_unavailable")
