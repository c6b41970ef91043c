"""What is particular to Apple: the form, the name that comes once, the e-mail that may not."""

import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from accounts.models import User
from shops.models import Shop

LOGIN = "/api/v1/auth/apple/login"
URL = "/api/v1/auth/apple/url"
CALLBACK = "/api/v1/auth/apple/callback"
NAME = {"name": {"firstName": "Айгүл", "lastName": "Сәрсенова"}}


@pytest.fixture
def login(anyone, apple_house, db):
    """Sign in with an id_token, as phones do."""

    def go(told=None, **said):
        sent = {"id_token": apple_house.token(**(told or {})), "account_type": "user", **said}
        return anyone.post(LOGIN, sent)

    return go


@pytest.fixture
def come_back(anyone, apple_house, db):
    """Begin on the web and come back with the form that Apple's page sends."""

    def go(where=None, told=None, **form):
        page = anyone.get(URL, where or {}).json()["authorization_url"]
        brought = apple_house.consent(page, **(told or {}))
        response = anyone.generic("POST", CALLBACK, urlencode({**brought, **form}), **FORM)
        query = parse_qs(urlsplit(response["Location"]).query)
        return response, {name: value for name, [value] in query.items()}

    return go


FORM = {
    "HTTP_ORIGIN": "https://appleid.apple.com",
    "HTTP_ACCEPT": "text/html",
    "content_type": "application/x-www-form-urlencoded",
}


def test_a_person_is_welcomed_with_their_name(login):
    response = login(user_data=NAME, platform="mobile")

    user = response.json()["user"]
    assert (response.status_code, user["name"]) == (200, "Айгүл Сәрсенова")
    assert (user["free_generations_left"], user["free_try_ons_left"]) == (3, 5)
    assert User.objects.values_list("apple_id", "google_id").get() == ("1077", None)


def test_the_next_time_neither_name_nor_email_come(login):
    login(user_data=NAME)

    response = login({"email": None, "email_verified": None})

    assert response.status_code == 200
    assert response.json()["user"]["name"] == "Айгүл Сәрсенова"
    assert User.objects.count() == 1


def test_a_later_name_changes_nothing(login):
    login(user_data=NAME)

    login(user_data={"name": {"firstName": "Somebody", "lastName": "Else"}})

    assert User.objects.get().name == "Айгүл Сәрсенова"


def test_without_an_email_no_account_is_made(login):
    response = login({"email": None, "email_verified": None})

    assert (response.status_code, response.json()["code"]) == (422, "email_missing")
    assert not User.objects.exists()


def test_an_address_of_the_relay_is_an_address(login):
    response = login({"email": "k7x@privaterelay.appleid.com", "is_private_email": "true"})

    assert response.json()["user"]["email"] == "k7x@privaterelay.appleid.com"


def test_without_a_name_a_person_is_not_called_by_the_whole_address(login):
    assert login().json()["user"]["name"] == "a"
    assert login(account_type="shop").json()["shop"]["shop_name"] == "a"


@pytest.mark.parametrize(
    ("user_data", "name"),
    [
        (None, "a"),
        ({}, "a"),
        ({"name": None}, "a"),
        ({"name": {}}, "a"),
        ({"name": {"firstName": None, "lastName": "Ким"}}, "Ким"),
        ({"name": {"firstName": "Ольга", "middleName": "И"}, "email": "x@y.kz"}, "Ольга"),
        ({"name": {"firstName": "<script>alert(1)</script>"}}, "<script>alert(1)</script>"),
        ({"name": {"firstName": "\u202eevil\n", "lastName": "\u200b"}}, "evil"),
    ],
)
def test_a_name_is_text_and_nothing_but(login, user_data, name):
    response = login(user_data=user_data)

    assert (response.status_code, response.json()["user"]["name"]) == (200, name)


@pytest.mark.parametrize(
    "user_data",
    [
        "Айгүл",
        [],
        {"name": "Айгүл"},
        {"name": {"firstName": "a" * 101}},
        {"name": {"firstName": {"a": 1}}},
    ],
)
def test_a_name_that_is_none_is_refused(login, user_data):
    response = login(user_data=user_data)

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"].startswith("/user_data")
    assert not User.objects.exists()


def test_a_shop_opens_with_apple_too(login):
    response = login(account_type="shop", user_data=NAME, platform="web")

    assert response.json()["shop"]["shop_name"] == "Айгүл Сәрсенова"
    assert Shop.objects.get().apple_id == "1077"
    assert not User.objects.exists()


def test_apple_is_asked_for_name_and_email_by_a_form(anyone, apple_house, db):
    page = anyone.get(URL, {"account_type": "shop", "platform": "mobile"}).json()

    asked = parse_qs(urlsplit(page["authorization_url"]).query)
    assert (asked["scope"], asked["response_mode"]) == (["name email"], ["form_post"])
    assert (page["account_type"], page["platform"]) == ("shop", "mobile")


def test_the_form_leads_on_to_the_web_client(come_back):
    response, query = come_back({"account_type": "shop", "platform": "web"})

    assert response.status_code == 302
    assert response["Location"].startswith("http://127.0.0.1:8000/callback?")
    assert query.keys() == {"code", "state", "account_type", "client_type"}
    assert (query["account_type"], query["client_type"]) == ("shop", "web")
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_the_name_in_the_form_reaches_the_account_but_no_address(anyone, come_back):
    response, query = come_back(user=json.dumps({**NAME, "email": "other@mail.example"}))
    assert "%D0%90" not in response["Location"]

    answer = anyone.post(LOGIN, {**keys(query, "code", "state"), "account_type": "user"})

    assert answer.json()["user"]["name"] == "Айгүл Сәрсенова"
    assert answer.json()["user"]["email"] == "a@mail.example"


def test_older_web_clients_post_the_code_alone(anyone, come_back):
    _response, query = come_back()

    answer = anyone.post(LOGIN, {**keys(query, "code"), "account_type": "user"})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "user", ["{", "[]", "null", '{"name": 5}', '{"name": {"firstName": 5}}', "[" * 5000, "\ud800"]
)
def test_a_name_that_makes_no_sense_does_not_stop_anybody(anyone, come_back, user):
    _response, query = come_back(user=user.encode("utf-8", "surrogatepass"))

    answer = anyone.post(LOGIN, {**keys(query, "code", "state"), "account_type": "user"})

    assert answer.status_code == 200


def test_somebody_who_changes_their_mind_goes_back_too(anyone, apple_house, come_back):
    _response, query = come_back(code="", error="user_cancelled_authorize")

    assert query == {"error": "user_cancelled_authorize"}


@pytest.mark.parametrize("form", [{}, {"code": "a"}, {"state": "a"}, {"code": "a", "state": "b"}])
def test_a_form_that_is_not_apples_goes_back_with_an_error(anyone, apple_house, form, db):
    response = anyone.generic("POST", CALLBACK, urlencode(form), **FORM)

    assert response["Location"] == "http://127.0.0.1:8000/callback?error=invalid_state"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"code=%00", "application/x-www-form-urlencoded", 400),
        (b"{}", "application/json", 415),
        (b"--x--", "multipart/form-data; boundary=x", 415),
        (b"a", "text/plain", 415),
    ],
)
def test_a_body_that_is_no_form_is_answered(anyone, apple_house, db, body, kind, status):
    for accepted in ["text/html", "application/json", "image/png"]:
        response = anyone.generic("POST", CALLBACK, body, content_type=kind, HTTP_ACCEPT=accepted)

        assert response.status_code == (406 if accepted == "image/png" else status)


def test_without_registration_apple_is_honestly_unavailable(anyone, settings, db):
    settings.APPLE_CLIENT_ID = ""
    settings.APPLE_WEB_CLIENT_IDS = settings.APPLE_MOBILE_CLIENT_IDS = []
    sent = {"id_token": "a.b.c", "account_type": "user"}
    refused = [
        anyone.get(URL),
        anyone.post(LOGIN, {**sent, "platform": "web"}),
        anyone.post(LOGIN, {**sent, "platform": "mobile"}),
    ]

    assert {(some.status_code, some.json()["code"]) for some in refused} == {
        (503, "apple_unavailable")
    }


@pytest.mark.parametrize("key", ["", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END"])
def test_a_broken_private_key_is_logged_and_apple_unavailable(
    anyone, come_back, settings, caplog, key
):
    _response, query = come_back()
    settings.APPLE_PRIVATE_KEY = key

    answer = anyone.post(LOGIN, {**keys(query, "code", "state"), "account_type": "user"})

    assert (answer.status_code, answer.json()["code"]) == (503, "apple_unavailable")
    assert any("APPLE_PRIVATE_KEY" in message for message in caplog.messages)


def test_a_key_that_apple_does_not_know_is_logged(anyone, come_back, settings, caplog):
    _response, query = come_back()
    settings.APPLE_TEAM_ID = "OTHER"

    answer = anyone.post(LOGIN, {**keys(query, "code", "state"), "account_type": "user"})

    assert (answer.status_code, answer.json()["code"]) == (503, "apple_unavailable")
    assert "Apple refuses our client id or secret" in caplog.messages


def keys(query, *names):
    return {name: query[name] for name in names}
