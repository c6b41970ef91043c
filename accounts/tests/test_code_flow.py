"""The code flow of both providers over HTTP, and everything that may go wrong on the way."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from accounts.models import AuthSession, User


@pytest.fixture
def begin(theirs, db):
    """Begin in a browser, agree at the provider; gives what comes back."""

    def go(browser, **told):
        return theirs.consent(url_of(theirs, browser), **told)

    return go


@pytest.fixture
def finish(theirs, db):
    def go(browser, brought, **said):
        return browser.post(f"/api/v1/auth/{theirs.name}/login", {**brought, **PERSON}, **said)

    return go


PERSON = {"account_type": "user", "platform": "web"}
PAGE = {"HTTP_ORIGIN": "http://127.0.0.1:8000"}


def url_of(theirs, browser, **where):
    return browser.get(f"/api/v1/auth/{theirs.name}/url", where).json()["authorization_url"]


def asked_in(url):
    return {name: value for name, [value] in parse_qs(urlsplit(url).query).items()}


def is_refused(response, code):
    return (response.status_code, response.json()["code"]) == (401, code) and not (
        AuthSession.objects.exists() or User.objects.exists()
    )


def invalid(theirs):
    return f"invalid_{theirs.name}_credentials"


def test_the_page_is_asked_for_a_code_that_only_we_can_trade(theirs, anyone, db):
    asked = asked_in(url_of(theirs, anyone))

    assert (asked["response_type"], asked["client_id"]) == ("code", theirs.web)
    assert asked["redirect_uri"].endswith(f"/api/v1/auth/{theirs.name}/callback")
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) == 43


def test_every_sign_in_has_secrets_of_its_own(theirs, anyone, db):
    first, second = asked_in(url_of(theirs, anyone)), asked_in(url_of(theirs, anyone))

    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]


def test_the_browser_that_began_it_is_signed_in(anyone, begin, finish):
    response = finish(anyone, begin(anyone), **PAGE)

    assert response.status_code == 200
    assert response.json()["user"]["email"] == "a@mail.example"
    assert response["Cache-Control"] == "no-store"
    assert AuthSession.objects.get().user == User.objects.get()


def test_a_state_works_once(theirs, anyone, begin, finish):
    brought = begin(anyone)
    finish(anyone, brought)
    AuthSession.objects.all().delete()
    User.objects.all().delete()

    assert is_refused(finish(anyone, brought), invalid(theirs))


def test_a_new_code_does_not_revive_a_state(theirs, anyone, finish, db):
    url = url_of(theirs, anyone)
    first, second = theirs.consent(url), theirs.consent(url)
    finish(anyone, {**first, "code": "made up"})

    assert is_refused(finish(anyone, second), invalid(theirs))


def test_the_callback_does_not_revive_a_state(theirs, anyone, begin, finish):
    brought = begin(anyone)
    finish(anyone, {**brought, "code": "made up"})
    callback = f"/api/v1/auth/{theirs.name}/callback"
    form = {"data": urlencode(brought), "content_type": "application/x-www-form-urlencoded"}
    is_google = theirs.name == "google"
    response = anyone.get(callback, brought) if is_google else anyone.post(callback, **form)
    address = response["Location"]

    assert parse_qs(urlsplit(address).query) == {"error": ["invalid_state"]}
    assert is_refused(finish(anyone, brought), invalid(theirs))


@pytest.mark.parametrize("state", ["", "made up", "\x00", "ә" * 500])
def test_a_state_that_is_not_ours_is_refused(theirs, anyone, begin, finish, state):
    response = finish(anyone, {**begin(anyone), "state": state})

    assert response.status_code in {400, 401, 422}
    assert not User.objects.exists()


def test_a_state_of_the_other_provider_is_refused(theirs, houses, anyone, begin, finish):
    [other] = set(houses) - {theirs}
    foreign = asked_in(url_of(other, anyone))["state"]

    assert is_refused(finish(anyone, {**begin(anyone), "state": foreign}), invalid(theirs))


def test_a_state_with_the_code_of_another_sign_in_is_refused(theirs, anyone, begin, finish):
    """The provider compares the challenge of the code with the verifier of the state."""
    mine, stolen = begin(anyone), begin(anyone)

    mixed = finish(anyone, {"code": stolen["code"], "state": mine["state"]})

    assert is_refused(mixed, invalid(theirs))


def test_a_code_for_another_return_address_is_refused(theirs, anyone, begin, finish, settings):
    brought = begin(anyone)
    setattr(settings, f"{theirs.name.upper()}_REDIRECT_URI", "http://127.0.0.1:8000/elsewhere")

    assert is_refused(finish(anyone, brought), invalid(theirs))


@pytest.mark.parametrize(
    "told",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "attacker"},
        {"iss": "https://evil.example"},
        {"sub": None},
    ],
)
def test_an_id_token_that_is_not_of_this_sign_in_is_refused(theirs, anyone, begin, finish, told):
    assert is_refused(finish(anyone, begin(anyone, **told)), invalid(theirs))


def test_an_id_token_for_our_app_in_phones_is_refused(theirs, anyone, begin, finish):
    assert is_refused(finish(anyone, begin(anyone, aud=theirs.phone)), invalid(theirs))


def test_a_sign_in_that_took_too_long_is_refused(theirs, anyone, begin, finish):
    brought = begin(anyone)
    cache.clear()  # as after ten minutes

    assert is_refused(finish(anyone, brought), invalid(theirs))


def test_a_stranger_cannot_sign_somebody_in_as_themselves(anyone, begin, finish):
    victim, stranger = anyone, APIClient()
    brought = begin(stranger)

    assert is_refused(finish(victim, brought, **PAGE), "sign_in_begun_elsewhere")


def test_nor_somebody_who_has_begun_a_sign_in_of_their_own(anyone, begin, finish):
    victim, stranger = anyone, APIClient()
    begin(victim)
    brought = begin(stranger)

    assert is_refused(finish(victim, brought), "sign_in_begun_elsewhere")


def test_a_refused_stranger_has_spent_the_state(theirs, anyone, begin, finish):
    brought = begin(anyone)
    finish(APIClient(), brought, **PAGE)

    assert is_refused(finish(anyone, brought, **PAGE), invalid(theirs))


def test_a_program_needs_no_cookie(anyone, begin, finish):
    brought = begin(anyone)

    assert finish(APIClient(), brought).status_code == 200


def test_web_clients_without_cookies_can_be_let_in(anyone, begin, finish, settings):
    settings.SIGN_IN_COOKIE_REQUIRED = False
    brought = begin(anyone)

    assert finish(APIClient(), brought, **PAGE).status_code == 200


def test_a_browser_keeps_one_cookie_for_all_its_sign_ins(theirs, anyone, begin, finish):
    first = begin(anyone)
    cookie = anyone.cookies["sign-in"]
    second = begin(anyone)

    assert anyone.cookies["sign-in"].value == cookie.value
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert finish(anyone, second, **PAGE).status_code == 200
    assert finish(anyone, first, **PAGE).status_code == 200


def test_over_https_the_cookie_is_the_hosts_alone(theirs, anyone, settings, db):
    settings.HTTPS = True
    url_of(theirs, anyone)

    cookie = anyone.cookies["__Host-sign-in"]
    assert (bool(cookie["secure"]), cookie["path"], cookie["domain"]) == (True, "/", "")


@pytest.mark.parametrize("sent", ["", "x", "é" * 43, "a" * 44])
def test_a_cookie_that_is_not_ours_is_replaced(theirs, anyone, sent, db):
    anyone.cookies["sign-in"] = sent
    url_of(theirs, anyone)

    assert anyone.cookies["sign-in"].value != sent


def test_while_the_provider_is_down_nobody_gets_in(theirs, anyone, begin, finish, settings):
    brought = begin(anyone)
    setattr(settings, f"{theirs.name.upper()}_TOKEN_URL", "http://127.0.0.1:1/token")

    response = finish(anyone, brought)

    assert (response.status_code, response.json()["code"]) == (503, f"{theirs.name}_unavailable")
    assert response["Retry-After"] == "60"


def test_while_the_cache_is_down_nobody_gets_in(theirs, anyone, begin, finish, settings):
    brought = begin(anyone)
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }
    refused = [
        finish(anyone, brought),
        finish(anyone, {"id_token": theirs.token()}),
        anyone.get(f"/api/v1/auth/{theirs.name}/url"),
    ]

    assert {(some.status_code, some.json()["code"]) for some in refused} == {
        (503, "sign_in_unavailable")
    }
    assert {some["Retry-After"] for some in refused} == {"10"}
    assert not User.objects.exists()


def test_a_phone_token_makes_no_session_of_the_web(theirs, anyone, db):
    """On the web an administrator has all rights: a token stolen from a phone gives none."""
    sent = {"id_token": theirs.token(aud=theirs.phone, azp=None), "account_type": "user"}
    address = f"/api/v1/auth/{theirs.name}/login"

    assert is_refused(anyone.post(address, {**sent, "platform": "web"}), invalid(theirs))
    assert anyone.post(address, {**sent, "platform": "mobile"}).status_code == 200


@pytest.mark.parametrize("nonce", ["n1", None])
def test_the_nonce_that_a_client_sends_is_compared(theirs, anyone, nonce, db):
    address = f"/api/v1/auth/{theirs.name}/login"
    sent = {"id_token": theirs.token(), **PERSON}

    assert is_refused(anyone.post(address, {**sent, "nonce": "n2"}), invalid(theirs))
    sent |= {"nonce": nonce} if nonce else {}
    assert anyone.post(address, sent).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": ["n1"]},
        {"id_token": {"a": 1}},
        {"id_token": "x" * 9000},
        {"platform": "desktop"},
        {"account_type": "admin"},
        {"role": "admin"},
        {"google_id": "1"},
    ],
)
def test_a_body_that_makes_no_sense_is_refused(theirs, anyone, wrong, db):
    sent = {"id_token": theirs.token(), **PERSON, **wrong}

    response = anyone.post(f"/api/v1/auth/{theirs.name}/login", sent)

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == f"/{next(iter(wrong))}"
    assert not User.objects.exists()
