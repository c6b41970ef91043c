"""The owner of an account sees where it is signed in, and signs out there or everywhere."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import tokens
from accounts.devices.description import device_of, in_words
from accounts.models import AuthSession
from conftest import signed_in
from shops.tests.owners import browser_of, browser_of_shop

OWN = "/api/v1/users/me/sessions"
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"


@pytest.fixture
def phone(timur):
    return AuthSession.objects.create(
        user=timur, platform="mobile", ip="203.0.113.7", user_agent="Dart/3.5 (dart:io)"
    )


def alive(account):
    return set(account.sessions.alive())


def works(session, address="/api/v1/users/me"):
    return signed_in_as(session).get(address).status_code == 200


def signed_in_as(session):
    client = signed_in(session.account)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.issue(session).access}")
    return client


def test_the_list_says_where_and_with_what(as_timur, timur, phone, aigerim):
    AuthSession.objects.create(user=aigerim, platform="web")
    AuthSession.objects.create(user=timur, platform="web", revoked_at=timezone.now())
    idle = timezone.now() - timedelta(days=31)
    AuthSession.objects.create(user=timur, platform="web", last_seen_at=idle)

    current, other = sorted(as_timur.get(OWN).json(), key=lambda row: row["id"] == str(phone.pk))

    assert other == {
        "id": str(phone.pk),
        "platform": "mobile",
        "device": "Leema app",
        "ip": "203.0.113.7",
        "created_at": other["created_at"],
        "last_seen_at": other["last_seen_at"],
        "is_current": False,
    }
    assert (current["is_current"], current["device"]) == (True, "Unknown device")


def test_a_shop_has_its_own_list(as_atelier, atelier, phone):
    [only] = as_atelier.get("/api/v1/shops/me/sessions").json()

    assert only["id"] == str(atelier.sessions.get().pk)
    wrong = as_atelier.get(OWN)
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_account_type")


def test_a_shopper_has_no_list_of_a_shop(as_timur, anyone):
    for method in ("get", "delete"):
        assert getattr(as_timur, method)("/api/v1/shops/me/sessions").status_code == 403
        assert getattr(anyone, method)("/api/v1/shops/me/sessions").status_code == 401
        assert getattr(anyone, method)(OWN).status_code == 401


def test_one_device_is_signed_out(as_timur, phone):
    assert works(phone)

    response = as_timur.delete(f"{OWN}/{phone.pk}")

    assert (response.status_code, response.json()["message"]) == (200, "The device is signed out.")
    assert not works(phone)
    assert as_timur.get(OWN).status_code == 200
    assert as_timur.delete(f"{OWN}/{phone.pk}").status_code == 404


def test_somebody_elses_session_is_like_none(as_timur, as_atelier, aigerim, atelier, phone):
    foreign = AuthSession.objects.create(user=aigerim, platform="web")
    unknown = uuid.uuid4()

    def answer(client, own, pk):
        response = client.delete(f"{own}/{pk}", headers={"X-Request-ID": "r"})
        assert response.status_code == 404
        return response.content.replace(str(pk).encode(), b"")

    shops = "/api/v1/shops/me/sessions"
    assert answer(as_timur, OWN, foreign.pk) == answer(as_timur, OWN, unknown)
    assert answer(as_timur, OWN, atelier.sessions.get().pk) == answer(as_timur, OWN, unknown)
    assert answer(as_atelier, shops, phone.pk) == answer(as_atelier, shops, unknown)
    assert works(foreign)
    assert works(phone)
    assert as_atelier.get("/api/v1/shops/me").status_code == 200


def test_everything_else_is_signed_out(as_timur, timur, phone, aigerim):
    foreign = AuthSession.objects.create(user=aigerim, platform="web")

    response = as_timur.delete(f"{OWN}?except_current=1")

    assert response.json()["message"] == "You are signed out everywhere else."
    assert as_timur.get(OWN).status_code == 200
    assert len(alive(timur)) == 1
    assert not works(phone)
    assert works(foreign)


def test_everything_is_signed_out(as_timur, timur, phone):
    as_timur.delete(OWN)

    assert alive(timur) == set()
    assert as_timur.get(OWN).status_code == 401


def test_the_list_takes_the_same_queries_for_one_and_for_many(as_timur, timur):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert as_timur.get(OWN).status_code == 200
        return len(captured)

    one = queries()
    for _ in range(100):
        AuthSession.objects.create(user=timur, platform="web", user_agent=CHROME)

    assert queries() == one == 2
    assert len(as_timur.get(f"{OWN}?limit=1000").json()) == 100
    assert len(as_timur.get(f"{OWN}?skip=100&limit=5").json()) == 1


def test_the_panel_lists_the_shops_devices_and_ends_them(atelier, bazaar):
    device = AuthSession.objects.create(shop=atelier, platform="web", user_agent=CHROME)
    foreign = AuthSession.objects.create(shop=bazaar, platform="web", ip="198.51.100.9")
    browser = browser_of_shop(atelier)

    page = browser.get("/panel/sessions/").content.decode()
    assert "Chrome, Windows" in page
    assert "198.51.100.9" not in page

    assert browser.post(f"/panel/sessions/{device.pk}/end/").status_code == 302
    assert browser.post(f"/panel/sessions/{foreign.pk}/end/").status_code == 404
    assert alive(atelier) == set()
    assert alive(bazaar) == {foreign}
    assert browser.get("/panel/sessions/").status_code == 200
    assert browser.get("/panel/sessions/end-all/").status_code == 405


def test_the_panel_signs_out_everywhere(atelier, bazaar):
    AuthSession.objects.create(shop=atelier, platform="mobile")
    here, elsewhere, other = map(browser_of_shop, (atelier, atelier, bazaar))

    here.post("/panel/sessions/end-all/")

    assert alive(atelier) == set()
    for browser in (here, elsewhere):
        assert browser.get("/panel/").headers["Location"].startswith("/panel/sign-in/")
    assert other.get("/panel/").status_code == 200


def test_the_page_is_for_shops(client, aigerim):
    assert client.get("/panel/sessions/").headers["Location"].startswith("/panel/sign-in/")
    assert browser_of(aigerim).get("/panel/sessions/").headers["Location"] == "/panel/open-shop/"


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (CHROME, "Chrome, Windows"),
        (f"{CHROME} Edg/130.0", "Edge, Windows"),
        (f"{CHROME} YaBrowser/24.1", "Yandex, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14) Version/18 Safari/605", "Safari, macOS"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132", "Firefox, Linux"),
        ("Dart/3.5 (dart:io)", "Leema app"),
        ("curl/8.5", "Unknown device"),
        ("", "Unknown device"),
        ("<script>alert(1)</script>", "Unknown device"),
    ],
)
def test_a_device_is_called_as_its_owner_would(program, words):
    assert in_words(program) == words


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::1"),
        ("unknown", None),
        ("", None),
    ],
)
def test_only_an_address_is_kept_as_one(rf, address, kept):
    assert device_of(rf.get("/", REMOTE_ADDR=address))["ip"] == kept
