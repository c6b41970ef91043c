"""Whatever goes wrong under /api is a problem; whatever goes wrong elsewhere is a page."""

import json

import pytest
from asgiref.sync import async_to_sync
from django.db import connection

from accounts.api import OwnUserView
from config.http_handler import HTTPHandler
from core.tests.communicators import HttpCommunicator

PROBLEM = "application/problem+json"
FIELDS = {"type", "title", "status", "code", "detail", "instance", "request_id"}


def is_problem(response, status, code):
    body = response.json()
    assert response["Content-Type"] == PROBLEM
    assert (response.status_code, body["status"], body["code"]) == (status, status, code)
    assert body.keys() - {"errors"} == FIELDS
    assert all(isinstance(body[name], str) for name in FIELDS - {"status"})
    assert body["detail"]
    return True


@pytest.mark.parametrize(
    "address",
    ["/api", "/api/", "/api/v2/products", "/api/v1/nowhere", "/api/v1/products/x", "/api/v1//"],
)
def test_an_unknown_address(anyone, db, address):
    assert is_problem(anyone.get(address), 404, "not_found")


@pytest.mark.parametrize("number", ["0", "9" * 30, "9" * 5000])
def test_an_unknown_row(anyone, db, number):
    assert is_problem(anyone.get(f"/api/v1/products/{number}"), 404, "not_found")


@pytest.mark.parametrize("address", ["/api/v1/%ff%fe", "/api/v1/%c0%af", "/api/v1/products/%2e%2e"])
def test_an_address_that_is_not_utf8(anyone, db, address):
    assert is_problem(anyone.generic("GET", address), 404, "not_found")


@pytest.mark.parametrize(
    "address",
    ["/api/v1/a%00b", "/api/v1/%1b[31m", "/api/v1/products?q=%00", "/api/v1/products?%07=1"],
)
def test_control_characters_in_an_address(anyone, db, address):
    path, _, query = address.partition("?")
    assert is_problem(anyone.generic("GET", path, QUERY_STRING=query), 400, "control_character")


@pytest.mark.parametrize("count", [101, 1001])
def test_an_address_of_countless_fields(anyone, db, count):
    query = "&".join(f"a{number}=1" for number in range(count))

    assert is_problem(anyone.get(f"/api/v1/products?{query}"), 400, "too_many_fields")


@pytest.mark.parametrize("method", ["PATCH", "TRACE", "PROPFIND", "DELETE"])
def test_another_method(as_aigerim, method):
    response = as_aigerim.generic(method, "/api/v1/users/me/balance")

    assert is_problem(response, 405, "method_not_allowed")
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("address", ["/panel/sign-out/", "/csp-report"])
def test_another_method_of_a_page(client, db, address):
    response = client.get(address)

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "<h1>" in response.content.decode()


def test_an_answer_in_another_format(anyone, db):
    response = anyone.get("/api/v1/products", HTTP_ACCEPT="text/csv")

    assert is_problem(response, 406, "not_acceptable")


def test_a_field_named_format_has_no_say(anyone, db):
    assert anyone.get("/api/v1/products?format=xml")["Content-Type"] == "application/json"


def test_a_browser_that_sends_what_cannot_be_read(anyone, db):
    response = anyone.generic(
        "POST", "/api/v1/auth/apple/callback", b"{}", "application/json", HTTP_ACCEPT="text/html"
    )

    assert is_problem(response, 415, "unsupported_media_type")


def test_head_and_options(anyone, db):
    head = anyone.head("/api/v1/products")
    assert (head.status_code, head.content) == (200, b"")
    assert anyone.head("/api/v1/nowhere").status_code == 404
    assert anyone.options("/api/v1/products").status_code == 200


def test_a_host_that_is_not_ours(anyone, db, settings):
    settings.ALLOWED_HOSTS = ["leema.kz"]

    api = anyone.get("/api/v1/nowhere", HTTP_HOST="evil.example")
    page = anyone.get("/", HTTP_HOST="evil.example")

    assert is_problem(api, 400, "bad_request")
    assert (page.status_code, page["Content-Type"]) == (400, "text/html; charset=utf-8")


def test_a_fault_of_ours(as_aigerim, monkeypatch):
    def fail(*_):
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(OwnUserView, "get", fail)
    as_aigerim.raise_request_exception = False

    response = as_aigerim.get("/api/v1/users/me")

    assert is_problem(response, 500, "server_error")
    assert "secret" not in response.content.decode()


@pytest.mark.parametrize(
    ("language", "detail"),
    [("ru", "По этому адресу"), ("kk", "Бұл мекенжай"), ("en-GB", "There is"), ("xx", "There is")],
)
def test_it_is_told_in_the_language_of_the_reader(anyone, db, language, detail):
    body = anyone.get("/api/v1/nowhere", HTTP_ACCEPT_LANGUAGE=language).json()

    assert body["detail"].startswith(detail)


@pytest.mark.parametrize("kind", [";", "é", "application/json; charset", "text/html;;=", "/"])
def test_a_content_type_that_is_none(as_aigerim, kind):
    response = as_aigerim.generic("POST", "/api/v1/wardrobe", b"{}", kind)

    assert response.status_code in {400, 415, 422}
    assert response["Content-Type"] == PROBLEM


@pytest.mark.parametrize(("header", "status"), [(b"content-type", 400), (b"accept", 406)])
def test_a_header_that_names_a_charset_that_nobody_knows(db, header, status):
    strange = (header, b"application/json; charset*=klingon''x")
    communicator = HttpCommunicator(
        HTTPHandler(), "GET", "/api/v1/config", headers=[(b"host", b"localhost"), strange]
    )

    response = async_to_sync(communicator.get_response)()

    assert response["status"] == status
    assert dict(response["headers"])[b"Content-Type"] == PROBLEM.encode()
    assert json.loads(response["body"])["detail"]


def test_a_page_is_told_on_a_page(client, db):
    missing = client.get("/nowhere/")
    control = client.get("/panel/sign-in/?next=%00")

    assert (missing.status_code, control.status_code) == (404, 400)
    assert {missing["Content-Type"], control["Content-Type"]} == {"text/html; charset=utf-8"}


@pytest.mark.parametrize(
    "query",
    ["created_at__year=99999", "created_at__year=9999999999", "id__exact=x", "q=%00", "p=x", "o=x"],
)
def test_the_admin_takes_no_nonsense_in_an_address(client, admin, query):
    client.force_login(admin)
    for page in ("orders/order", "accounts/user", "catalog/product", "shops/shop"):
        response = client.get(f"/admin/{page}/?{query}", follow=True)

        assert response.status_code in {200, 400}, page


@pytest.mark.parametrize("chosen", ["x", "9" * 30, "-1", "1.5"])
def test_the_admin_takes_no_nonsense_in_a_form(client, admin, dress, chosen):
    client.force_login(admin)
    sent = {"action": "approve_selected", "_selected_action": chosen}

    response = client.post("/admin/catalog/product/", sent)

    assert response.status_code in {302, 400}
    with connection.cursor() as cursor:
        cursor.execute("SELECT moderation_status FROM products")
        assert cursor.fetchall() == [("pending",)]
