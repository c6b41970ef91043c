"""Against a served platform: whoever is signed out is out at once, sockets within 5 s."""

import time
from contextlib import contextmanager

import httpx
import jwt
import pytest
import websockets.sync.client
from channels.layers import channel_layers
from django.conf import settings as django_settings
from django.core.management import call_command
from django.test import Client

from accounts import tokens
from accounts.access import change_access
from accounts.models import AuthSession, SigningKey
from accounts.signing_keys import key_ring
from config.tests.conftest import platform_server, wait_until
from config.tests.whole_platform import UNLIMITED
from shops.tests.owners import browser_of_shop

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
LAYERS = django_settings.CHANNEL_LAYERS
IN_TIME_SECONDS = 5


@pytest.fixture(scope="module")
def site(django_db_setup):
    with platform_server(**UNLIMITED) as process:
        yield f"127.0.0.1:{process.port}"


@pytest.fixture
def phone(site, timur):
    """A signed-in phone, whose key the server has read: it forgets those of the last test."""
    pair = tokens.issue(AuthSession.objects.create(user=timur, platform="mobile"))
    wait_until(lambda: ask(site, "GET", "users/me", pair.access).status_code == 200)
    return pair


@contextmanager
def listening(site, query="", **headers):
    with websockets.sync.client.connect(
        f"ws://{site}/ws?{query}", additional_headers=headers, open_timeout=10
    ) as socket:
        assert '"connected"' in socket.recv(timeout=10)
        yield socket


def hear_out(socket, seconds):
    """Whatever it says meanwhile, until it closes or the time is over."""
    end = time.monotonic() + seconds
    while True:
        socket.recv(timeout=max(0, end - time.monotonic()))


def seconds_until_closed(socket):
    """How long the socket goes on; it ends with 4401."""
    began = time.monotonic()
    with pytest.raises(websockets.ConnectionClosed) as closed:
        hear_out(socket, IN_TIME_SECONDS)
    assert closed.value.rcvd.code == 4401
    return time.monotonic() - began


def stays_open(socket):
    with pytest.raises(TimeoutError):
        hear_out(socket, seconds=1)
    return True


def ask(site, method, path, access, **body):
    bearer = {"Authorization": f"Bearer {access}"}
    return httpx.request(method, f"http://{site}/api/v1/{path}", headers=bearer, **body)


def log_out(site, pair, user):
    body = {"refresh_token": pair.refresh}
    httpx.post(f"http://{site}/api/v1/auth/logout", json=body).raise_for_status()


def sign_this_device_out(site, pair, user):
    sid = jwt.decode(pair.access, options={"verify_signature": False})["sid"]
    ask(site, "DELETE", f"users/me/sessions/{sid}", pair.access).raise_for_status()


def sign_out_everywhere(site, pair, user):
    ask(site, "DELETE", "users/me/sessions", pair.access).raise_for_status()


def block(site, pair, user):
    """As an administrator does, in another process than the one that holds the socket."""
    with real_channel_layer():
        change_access(user, role="user", is_active=False)


@contextmanager
def real_channel_layer():
    recording, channel_layers.backends = channel_layers.backends, {}
    before, django_settings.CHANNEL_LAYERS = django_settings.CHANNEL_LAYERS, LAYERS
    try:
        yield
    finally:
        django_settings.CHANNEL_LAYERS, channel_layers.backends = before, recording


@pytest.mark.parametrize("act", [log_out, sign_this_device_out, sign_out_everywhere, block])
def test_http_stops_at_once_and_the_open_socket_closes(site, phone, timur, aigerim, act):
    stranger = tokens.issue(AuthSession.objects.create(user=aigerim, platform="mobile"))
    with (
        listening(site, f"token={phone.access}") as socket,
        listening(site, f"token={stranger.access}") as other,
    ):
        assert ask(site, "GET", "users/me", phone.access).status_code == 200

        act(site, phone, timur)

        assert ask(site, "GET", "users/me", phone.access).status_code == 401
        assert seconds_until_closed(socket) < IN_TIME_SECONDS
        assert stays_open(other)
    refresh = {"refresh_token": phone.refresh}
    assert httpx.post(f"http://{site}/api/v1/auth/refresh", json=refresh).status_code == 401
    assert ask(site, "GET", "users/me", stranger.access).status_code == 200


def test_a_panel_that_signs_out_closes_its_own_socket(site, atelier):
    here, there = browser_of_shop(atelier), browser_of_shop(atelier)
    with listening_as(site, here) as socket, listening_as(site, there) as other:
        token = "x" * 32
        cookies = {"session": here.cookies["session"].value, "csrf": token}
        form = {"csrfmiddlewaretoken": token}
        address = f"http://{site}/panel/sign-out/"
        assert httpx.post(address, cookies=cookies, data=form).status_code == 302

        assert seconds_until_closed(socket) < IN_TIME_SECONDS
        assert stays_open(other)


def listening_as(site, browser: Client):
    cookie = f"session={browser.cookies['session'].value}"
    headers = {"Cookie": cookie, "Origin": f"http://{site}"}
    return listening(site, "client_type=shop", **headers)


def test_a_rotation_is_noticed_by_nobody_and_known_to_all_within_seconds(site, timur, phone):
    old = kid_of(phone)
    with platform_server(**UNLIMITED) as second:
        sites = [site, f"127.0.0.1:{second.port}"]
        for each in sites:
            assert ask(each, "GET", "users/me", phone.access).status_code == 200

        call_command("rotate_keys")
        new = SigningKey.objects.get(retired_at=None).kid
        signing, began = dict.fromkeys(sites, old), time.monotonic()
        pair = phone
        while set(signing.values()) != {new}:
            assert time.monotonic() - began < 60
            for each in sites:
                pair = refreshed(each, pair)
                signing[each] = kid_of(pair)
                for door in sites:
                    assert ask(door, "GET", "users/me", pair.access).status_code == 200
            time.sleep(0.5)
        assert ask(site, "GET", "users/me", phone.access).status_code == 200


def test_after_a_leak_a_served_process_refuses_old_tokens_at_once(site, timur, phone):
    assert ask(site, "GET", "users/me", phone.access).status_code == 200

    call_command("rotate_keys", "--revoke-old")

    assert ask(site, "GET", "users/me", phone.access).status_code == 401
    key_ring.forget()
    fresh = tokens.issue(AuthSession.objects.create(user=timur, platform="mobile"))
    assert kid_of(fresh) != kid_of(phone)
    deadline = time.monotonic() + 10
    while (answer := ask(site, "GET", "users/me", fresh.access)).status_code == 401:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert answer.status_code == 200


def kid_of(pair):
    return jwt.get_unverified_header(pair.access)["kid"]


def refreshed(site, pair):
    body = {"refresh_token": pair.refresh}
    answer = httpx.post(f"http://{site}/api/v1/auth/refresh", json=body).raise_for_status().json()
    return tokens.TokenPair(answer["access_token"], answer["refresh_token"])
