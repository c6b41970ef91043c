"""Every answer tells the browser how to protect its reader."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Product
from config.header_audit.complaints import complaints
from config.tests.header_pages import as_httpx
from core.browser_headers import NO_PAGE_POLICY

PAGES = ["/", "/panel/sign-in/", "/nowhere", "/api/docs", "/accounts/google/login/"]
ANSWERS = ["/api/v1/products", "/api/v1/products/0", "/api/v1/users/me", "/api/v1/nowhere"]
ANSWERS += ["/api/v1/config", "/api/schema", "/healthz", "/readyz"]


@pytest.mark.parametrize("path", PAGES + ANSWERS)
def test_nobody_in_particular_is_protected(db, path):
    assert list(complaints(as_httpx(Client().get(path)), signed_in=False)) == []


@pytest.mark.parametrize("name", ["panel-home", "panel-products", "panel-balance", "admin:index"])
def test_who_is_signed_in_is_protected(desk, atelier, name):
    response = desk.get(reverse(name), follow=True)

    assert response.status_code == 200
    assert list(complaints(as_httpx(response), signed_in=True)) == []


@pytest.mark.parametrize("path", ANSWERS)
def test_what_is_no_page_loads_nothing(db, client, path):
    assert client.get(path)["Content-Security-Policy"] == NO_PAGE_POLICY


def test_the_policy_of_pages_allows_nothing_unsafe_and_says_where_to_report(client, db):
    policy = client.get("/panel/sign-in/")["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))

    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["report-uri"] == "/csp-report"
    assert "unsafe" not in policy


def test_a_nonce_is_for_one_answer(client, db):
    def nonce():
        return re.search("'nonce-([^']+)'", client.get("/api/docs")["Content-Security-Policy"])

    first, second = nonce(), nonce()
    assert (first is None and second is None) or first[1] != second[1]


def test_a_preflight_is_answered_with_them_too(client, settings):
    headers = {"origin": settings.CORS_ALLOWED_ORIGINS[0], "access-control-request-method": "GET"}
    response = client.options("/api/v1/products", headers=headers)

    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_picture_may_be_shown_elsewhere_but_runs_nothing(client, dress_on_sale):
    address = Product.objects.get().images[0]
    response = client.get(f"/uploads/{address}")

    assert response.status_code == 200
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize(
    ("path", "is_kept"),
    [
        ("/api/v1/products", True),
        ("/api/v1/categories", True),
        ("/api/v1/config", True),
        ("/api/v1/auth/google/url", False),
        ("/api/v1/auth/google/callback?code=c&state=s", False),
    ],
)
def test_what_anybody_may_read_may_be_kept(client, db, path, is_kept):
    stored = "no-store" not in client.get(path).get("Cache-Control", "")

    assert stored == is_kept


def test_what_is_answered_to_a_token_is_never_stored(as_aigerim, as_atelier, as_admin):
    for client, path in (
        (as_aigerim, "users/me"),
        (as_aigerim, "products"),
        (as_atelier, "shops/me"),
        (as_admin, "admin/users"),
        (as_aigerim, "admin/users"),
    ):
        assert "no-store" in client.get(f"/api/v1/{path}")["Cache-Control"], path


def test_tokens_are_never_stored(anyone, db):
    response = anyone.post("/api/v1/auth/refresh", {"refresh_token": "x"})

    assert response.status_code == 401
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "a b", "evil.example:80"]
)
@pytest.mark.parametrize("path", ["/panel/sign-in/", "/api/v1/auth/google/url", "/admin/"])
def test_another_host_is_refused_and_not_repeated(client, db, settings, host, path):
    settings.ALLOWED_HOSTS = ["testserver"]

    response = client.get(path, headers={"host": host})

    assert response.status_code == 400
    assert host not in response.content.decode()


def test_a_forwarded_host_is_not_believed(client, admin):
    forwarded = {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}

    sign_in = client.get("/panel/sign-in/", headers=forwarded)
    google = client.post("/accounts/google/login/", headers=forwarded)
    url = client.get("/api/v1/auth/google/url", headers=forwarded)

    assert "evil.example" not in sign_in.content.decode()
    assert "evil.example" not in google["Location"]
    assert "evil.example" not in url.content.decode()
