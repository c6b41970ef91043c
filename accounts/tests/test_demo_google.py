"""The whole code flow with PKCE against the demo Google, running on a loopback port."""

from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from django.core.management import CommandError, call_command

from accounts.demo_accounts import DEMO_ACCOUNTS
from accounts.demo_google.authorization import may_return_to
from accounts.demo_google.grants import Promises
from accounts.demo_google.keys import SigningKey
from accounts.demo_google.server import NotLoopback, address, make_server
from accounts.management.commands.demo_google import Command
from accounts.providers import google, id_tokens, oauth
from accounts.providers.provider import Identity

CALLBACK = "http://127.0.0.1:8000/api/v1/auth/google/callback"
AIGUL = next(account for account in DEMO_ACCOUNTS if account.shop_name == "Ателье Айгуль")


@pytest.fixture(scope="module")
def running():
    with make_server("127.0.0.1", 0, SigningKey.generate()) as server:
        Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield address(server)
        server.shutdown()


@pytest.fixture(autouse=True)
def demo(running, settings):
    settings.GOOGLE_AUTHORIZE_URL = f"{running}/o/oauth2/v2/auth"
    settings.GOOGLE_TOKEN_URL = f"{running}/token"
    settings.GOOGLE_CERTS_URL = f"{running}/certs"
    settings.GOOGLE_ISSUERS = [running]
    settings.GOOGLE_CLIENT_ID = "web"
    settings.GOOGLE_CLIENT_SECRET = "web's secret"
    settings.GOOGLE_WEB_CLIENT_IDS = ["web"]
    settings.GOOGLE_MOBILE_CLIENT_IDS = ["android", "web"]
    settings.GOOGLE_REDIRECT_URI = CALLBACK
    settings.API_BASE_URL = "https://api.leema.example"
    settings.FRONTEND_URL = "https://leema.example"
    id_tokens.published_keys.cache_clear()
    return running


@pytest.fixture
def verifier():
    return oauth.new_code_verifier()


def page(verifier="", *, redirect_uri=CALLBACK, nonce="n1"):
    """The address that a sign-in begins at; without a verifier as those without PKCE write it."""
    there = replace(google.provider(), redirect_uri=redirect_uri)
    url = oauth.authorization_url(there, state="s1", nonce=nonce, code_verifier=verifier or "x")
    return url if verifier else url.partition("&code_challenge=")[0]


def exchange(code, verifier="", redirect_uri=CALLBACK):
    there = replace(google.provider(), redirect_uri=redirect_uri)
    return oauth.exchange_code(there, code, code_verifier=verifier)


def verify(raw, platform="web"):
    return id_tokens.verify(google.provider(), raw, platform=platform, nonce="n1")


def chosen(url, **form):
    """What the browser brings back after the form is sent."""
    response = httpx.post(url, data=form)
    assert response.status_code == 302
    return {name: value for name, [value] in parse_qs(location(response).query).items()}


def location(response):
    return urlsplit(response.headers["Location"])


def test_somebody_signs_in_with_a_code(verifier):
    brought = chosen(page(verifier), sub=AIGUL.sub)

    assert brought["state"] == "s1"
    raw = exchange(brought["code"], verifier)
    identity = verify(raw)
    assert identity == Identity("google", AIGUL.sub, AIGUL.email, AIGUL.name)


def test_another_account_is_the_same_person_each_time(verifier):
    identities = []
    for email in ["asel@mail.example", "Asel@mail.example", "marat@mail.example"]:
        brought = chosen(page(verifier), name="Әсел", email=email)
        raw = exchange(brought["code"], verifier)
        identities.append(verify(raw))

    first, again, other = identities
    assert first == again
    assert (first.name, first.email) == ("Әсел", "asel@mail.example")
    assert first.sub.isdigit()
    assert first.sub != other.sub


def test_signing_in_twice_in_a_second_works(verifier):
    for _ in range(2):
        code = chosen(page(verifier), sub=AIGUL.sub)["code"]
        raw = exchange(code, verifier)
        assert verify(raw).sub == AIGUL.sub


def test_a_code_works_once(verifier):
    code = chosen(page(verifier), sub=AIGUL.sub)["code"]
    exchange(code, verifier)

    with pytest.raises(google.InvalidGoogleCredentials):
        exchange(code, verifier)


@pytest.mark.parametrize("wrong", ["", "not-the-verifier-that-was-hashed-for-the-challenge"])
def test_a_wrong_verifier_is_refused_and_spends_the_code(verifier, wrong):
    code = chosen(page(verifier), sub=AIGUL.sub)["code"]

    for attempt in [wrong, verifier]:
        with pytest.raises(google.InvalidGoogleCredentials):
            exchange(code, attempt)


def test_a_verifier_for_a_code_without_challenge_is_refused(verifier):
    code = chosen(page(), sub=AIGUL.sub)["code"]

    with pytest.raises(google.InvalidGoogleCredentials):
        exchange(code, verifier)


def test_the_return_address_must_be_the_same(verifier):
    code = chosen(page(verifier), sub=AIGUL.sub)["code"]

    with pytest.raises(google.InvalidGoogleCredentials):
        exchange(code, verifier, CALLBACK + "/")


@pytest.mark.parametrize("code", ["", "made-up", "ә"])
def test_a_made_up_code_is_refused(verifier, code):
    with pytest.raises(google.InvalidGoogleCredentials):
        exchange(code, verifier)


def test_a_wrong_secret_is_refused(demo):
    form = {"grant_type": "authorization_code", "client_id": "web", "client_secret": "old"}

    response = httpx.post(f"{demo}/token", data=form)

    assert (response.status_code, response.json()) == (401, {"error": "invalid_client"})


def test_a_refused_client_is_logged_and_google_is_unavailable(verifier, settings, caplog):
    settings.GOOGLE_CLIENT_ID = "unregistered"

    with pytest.raises(google.GoogleUnavailable):
        exchange("any", verifier)

    assert "Google refuses our client id or secret" in caplog.messages


def test_no_google_is_unavailable(settings):
    settings.GOOGLE_TOKEN_URL = "http://127.0.0.1:1/token"

    with pytest.raises(google.GoogleUnavailable):
        exchange("any")


@pytest.mark.parametrize(
    ("status", "body"), [(502, "<html>"), (200, "[]"), (200, "1"), (200, '{"expires_in": "soon"}')]
)
def test_nonsense_from_google_is_unavailable(settings, status, body):
    class Nonsense(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Nonsense) as server:
        Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        settings.GOOGLE_TOKEN_URL = f"http://127.0.0.1:{server.server_port}/token"
        with pytest.raises(google.GoogleUnavailable):
            exchange("any")
        server.shutdown()


def test_a_foreign_return_address_is_never_redirected_to():
    foreign = page(redirect_uri="https://evil.example/callback")

    for response in [httpx.get(foreign), httpx.post(foreign, data={"sub": AIGUL.sub})]:
        assert response.status_code == 400
        assert "Location" not in response.headers


@pytest.mark.parametrize(
    ("uri", "allowed"),
    [
        ("http://127.0.0.1:5173/callback", True),
        ("http://localhost/callback", True),
        ("http://[::1]:9000/", True),
        ("https://api.leema.example/api/v1/auth/google/callback?next=1", True),
        ("https://leema.example/callback", True),
        ("http://leema.example/callback", False),
        ("https://leema.example.evil.example/", False),
        ("https://leema.example@evil.example/", False),
        ("https://leema.example:444/", False),
        ("https://evil.example\\@127.0.0.1/", False),
        ("http://127.0.0.1.evil.example/", False),
        ("http://127.0.0.1/\r\nSet-Cookie: a=b", False),
        ("http://127.0.0.1/#fragment", False),
        ("javascript://127.0.0.1/%0aalert(1)", False),
        ("myapp://127.0.0.1/callback", False),
        ("http://[/", False),
        ("http://127.0.0.1:80;script-src/", False),
        ("//127.0.0.1/callback", False),
        ("/callback", False),
        ("", False),
    ],
)
def test_who_may_be_sent_a_code(uri, allowed):
    assert may_return_to(uri) is allowed


def test_an_unknown_application_is_refused(settings):
    url = page()
    settings.GOOGLE_MOBILE_CLIENT_IDS = ["another"]

    assert httpx.get(url).status_code == 400


def test_an_application_in_a_phone_needs_pkce_and_no_secret(demo, settings, verifier):
    settings.GOOGLE_CLIENT_ID = "android"
    with_pkce = page(verifier)
    without = page()
    settings.GOOGLE_CLIENT_ID = "web"

    assert parse_qs(location(httpx.get(without)).query)["error"] == ["invalid_request"]
    code = chosen(with_pkce, sub=AIGUL.sub)["code"]
    tokens = httpx.post(
        f"{demo}/token",
        data={
            "grant_type": "authorization_code",
            "client_id": "android",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": verifier,
        },
    ).json()
    assert verify(tokens["id_token"], "mobile").sub == AIGUL.sub
    profile = httpx.get(
        f"{demo}/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    )
    assert profile.json()["email"] == AIGUL.email


def test_a_plain_challenge_is_refused(verifier):
    url = page(verifier).replace("S256", "plain")

    assert parse_qs(location(httpx.get(url)).query) == {
        "error": ["invalid_request"],
        "state": ["s1"],
    }


def test_cancelling_goes_back_without_a_code(verifier):
    assert chosen(page(verifier), cancel="1") == {"error": "access_denied", "state": "s1"}


@pytest.mark.parametrize(
    "form", [{}, {"sub": "1"}, {"name": "", "email": "a@b.example"}, {"name": "A", "email": "a"}]
)
def test_a_wrong_form_is_shown_again(verifier, form):
    response = httpx.post(page(verifier), data=form)

    assert response.status_code == 400
    assert AIGUL.email in response.text


def test_the_page_offers_the_whole_cast_and_says_what_it_is(verifier):
    response = httpx.get(page(verifier), headers={"Accept-Language": "en"})

    assert response.status_code == 200
    assert response.headers["Content-Language"] == "en"
    assert '<html lang="en">' in response.text
    assert "This is the demo sign-in, not Google." in response.text
    for account in DEMO_ACCOUNTS:
        assert f'value="{account.sub}"' in response.text


@pytest.mark.parametrize(("header", "language"), [("kk,ru;q=0.5", "kk"), ("de", "ru"), ("", "ru")])
def test_the_page_speaks_the_language_of_the_browser(verifier, header, language, settings):
    settings.LANGUAGE_CODE = "ru"
    response = httpx.get(page(verifier), headers={"Accept-Language": header})

    assert response.headers["Content-Language"] == language


def test_the_page_allows_its_own_style_and_no_scripts(demo, verifier):
    policy = httpx.get(page(verifier)).headers["Content-Security-Policy"]

    assert "default-src 'none'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert (
        "form-action 'self' http://127.0.0.1:8000 https://api.leema.example https://leema.example"
        in policy
    )
    style = httpx.get(f"{demo}/style.css")
    assert style.headers["Content-Type"] == "text/css; charset=utf-8"


def test_what_somebody_types_is_escaped(verifier):
    response = httpx.post(page(verifier), data={"name": "<script>", "email": "<b>"})

    assert "&lt;script&gt;" in response.text
    assert "<script>" not in response.text


def test_the_configuration_names_addresses_that_answer(demo):
    configuration = httpx.get(f"{demo}/.well-known/openid-configuration").json()

    assert configuration["issuer"] == demo
    assert httpx.get(configuration["jwks_uri"]).json()["keys"][0]["alg"] == "RS256"
    assert httpx.get(configuration["userinfo_endpoint"]).status_code == 401
    assert httpx.get(configuration["token_endpoint"]).status_code == 405
    assert httpx.get(f"{demo}/elsewhere").status_code == 404


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "leema.example", ""])
def test_it_refuses_to_listen_on_a_network(host):
    with pytest.raises(NotLoopback):
        make_server(host, 0, SigningKey.generate())


def test_the_command_refuses_a_network_and_a_taken_port(demo, settings, tmp_path):
    settings.BASE_DIR = tmp_path

    with pytest.raises(CommandError, match="is not a loopback address"):
        call_command(Command(), host="0.0.0.0")
    with pytest.raises(CommandError, match="Cannot listen on"):
        call_command(Command(), port=urlsplit(demo).port)


def test_a_restart_keeps_the_key(tmp_path):
    path = tmp_path / "var" / "key.pem"

    first, second = SigningKey.kept_in(path), SigningKey.kept_in(path)

    assert first.id == second.id
    assert first.published() == second.published()
    assert path.stat().st_mode & 0o777 == 0o600
    assert jwt.get_unverified_header(second.sign({}))["kid"] == first.id


def test_a_code_lives_ten_minutes():
    now = 1000.0
    codes = Promises(600, clock=lambda: now)
    in_time, late = codes.give("Aigul"), codes.give("Aigul")

    now += 599
    assert codes.take(in_time) == "Aigul"
    now += 1
    assert codes.take(late) is None
