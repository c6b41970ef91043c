"""What browsers get from the running platform: every page, as everybody, and their sessions."""

import httpx
import pytest

from config.header_audit.visitors import sign_in_pages, visitor
from config.tests.test_production_settings import PRODUCTION, run
from config.tests.whole_platform import manage

pytestmark = pytest.mark.faults
VISIT = """
import django
django.setup()
from django.test import Client
client = Client(headers={"host": "api.leema.kz", "x-forwarded-proto": "https"})
response = client.get("/panel/sign-in/")
print(response["Strict-Transport-Security"])
client.post("/i18n/setlang/", {"language": "kk"})
client.post("/accounts/google/login/")
for name in sorted(client.cookies):
    print(client.cookies[name].OutputString())
print(Client(headers={"host": "api.leema.kz"}).get("/panel/sign-in/")["Location"])
"""


def test_every_page_is_as_it_should_be_for_everybody(platform):
    done = manage("audit_headers", platform["API_BASE_URL"], told=platform)

    assert done.stderr == ""
    assert done.returncode == 0
    assert "answers, all as they should be. No link led to admin/(?P<url>.*)$." in done.stdout


def test_a_session_gets_a_new_id_at_the_sign_in(platform):
    with httpx.Client(base_url=platform["API_BASE_URL"]) as browser:
        browser.get("/panel/sign-in/", params={"next": "/panel/orders/"})
        browser.cookies.set("session", "planted0planted0planted0planted0", domain="127.0.0.1")
        sign_in_pages(browser, "shop")
        own = browser.cookies["session"]

        assert own != "planted0planted0planted0planted0"
        assert browser.get("/panel/orders/").status_code == 200
    with httpx.Client(base_url=platform["API_BASE_URL"]) as attacker:
        attacker.cookies.set("session", "planted0planted0planted0planted0")
        assert attacker.get("/panel/orders/").status_code == 302


def test_a_session_that_an_attacker_began_stays_outside(platform):
    with (
        httpx.Client(base_url=platform["API_BASE_URL"]) as attacker,
        httpx.Client(base_url=platform["API_BASE_URL"]) as victim,
    ):
        token = httpx.get(f"{platform['API_BASE_URL']}/panel/sign-in/").cookies["csrf"]
        attacker.cookies.set("csrf", token, domain="127.0.0.1")
        begun = attacker.post("/accounts/google/login/", data={"csrfmiddlewaretoken": token})
        assert begun.status_code == 302
        planted = attacker.cookies["session"]
        victim.cookies.set("session", planted, domain="127.0.0.1")
        sign_in_pages(victim, "shop")

        assert victim.cookies["session"] != planted
        assert victim.get("/panel/orders/").status_code == 200
        assert attacker.get("/panel/orders/").status_code == 302


def test_signing_out_ends_the_session_for_every_copy_of_its_cookie(platform):
    with visitor(platform["API_BASE_URL"], "shop") as browser:
        kept = dict(browser.cookies)
        page = browser.get("/panel/").text
        token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        browser.post("/panel/sign-out/", data={"csrfmiddlewaretoken": token})

    copy = httpx.get(f"{platform['API_BASE_URL']}/panel/", cookies=kept)
    assert copy.status_code == 302


def test_in_production_cookies_are_bound_to_this_host_and_to_tls(platform):
    production = {**platform, **PRODUCTION}

    done = run("-c", VISIT, **production)

    assert done.returncode == 0, done.stderr
    hsts, csrf, language, session, redirected = done.stdout.splitlines()
    assert hsts == "max-age=31536000; includeSubDomains; preload"
    for line, name in ((csrf, "csrf"), (language, "language"), (session, "session")):
        assert line.startswith(f"__Host-{name}=")
        assert {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"} <= set(line.split("; "))
        assert "Domain" not in line
    assert redirected == "https://api.leema.kz/panel/sign-in/"
