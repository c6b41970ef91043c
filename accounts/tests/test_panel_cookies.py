"""A panel's cookie stops working with its account, and its socket is told."""

import pytest
from channels.layers import get_channel_layer
from django.conf import settings

from accounts import sessions
from accounts.access import change_access
from accounts.authentication import _who
from accounts.models import User
from realtime import groups
from shops.models import Shop
from shops.tests.owners import browser_of, browser_of_shop


@pytest.fixture
def owner(atelier):
    browser_of_shop(atelier)
    return User.objects.get(google_id=atelier.google_id)


@pytest.fixture
def browser(owner):
    return browser_of(owner)


def is_in(browser):
    return browser.get("/panel/").status_code == 200


def socket_of(browser):
    """What the socket of a page in this browser knows."""
    headers = [(b"host", b"leema.kz"), (b"origin", b"https://leema.kz")]
    cookies = {settings.SESSION_COOKIE_NAME: browser.session.session_key}
    scope = {"cookies": cookies, "headers": headers, "query_string": b"client_type=shop"}
    return _who(scope)


def block(owner, atelier):
    change_access(owner, role="user", is_active=False)


def block_and_let_in_again(owner, atelier):
    block(owner, atelier)
    change_access(owner, role="user", is_active=True)


def change_the_role(owner, atelier):
    change_access(owner, role="admin", is_active=True)


def end_the_persons_sessions(owner, atelier):
    sessions.end_all(owner)


def end_the_shops_sessions(owner, atelier):
    sessions.end_all(atelier)


@pytest.mark.parametrize(
    "act",
    [
        block,
        block_and_let_in_again,
        change_the_role,
        end_the_persons_sessions,
        end_the_shops_sessions,
    ],
)
def test_it_ends_with_the_sessions_of_its_account(
    browser, owner, atelier, bazaar, act, django_capture_on_commit_callbacks
):
    stranger = browser_of_shop(bazaar)
    socket = socket_of(browser)
    assert is_in(browser)
    assert socket["is_signed_in"]()

    with django_capture_on_commit_callbacks(execute=True):
        act(owner, atelier)

    assert not socket["is_signed_in"]()
    assert groups.panel_layer_name(owner.pk) in told()
    assert not is_in(browser)
    assert is_in(stranger)


def told():
    """Whose sockets heard that a session has ended."""
    sent = get_channel_layer().sent
    assert all(message == {"type": "session_ended", "group": group} for group, message in sent)
    return [group for group, _message in sent]


def test_signing_out_in_one_browser_leaves_the_other(
    browser, owner, django_capture_on_commit_callbacks
):
    other = browser_of(owner)
    here, there = socket_of(browser), socket_of(other)

    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/panel/sign-out/")

    assert told() == [here["session_group"]]
    assert (here["is_signed_in"](), there["is_signed_in"]()) == (False, True)
    assert (is_in(browser), is_in(other)) == (False, True)


def test_signing_out_of_the_administrators_site_tells_the_sockets_too(
    admin, django_capture_on_commit_callbacks
):
    desk = browser_of(admin)
    assert desk.get("/admin/logout/").status_code == 405

    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post("/admin/logout/").headers["Location"] == "/panel/sign-in/"

    assert told() == [groups.panel_layer_name(admin.pk)]
    assert desk.get("/admin/").status_code == 302


def test_nobody_signing_out_tells_nobody(client, db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/panel/sign-out/")

    assert told() == []


def test_accounts_without_an_identity_are_not_one_person(browser, owner, django_user_model):
    told = {"email": "nameless@example.kz", "is_active": False}
    nameless = Shop.objects.create(shop_name="Nameless", **told)
    erased = django_user_model.objects.create(name="Erased", **told)

    sessions.end_all(nameless)

    assert is_in(browser)
    erased.refresh_from_db()
    assert erased.password == ""


def test_signing_out_empties_the_browser(browser):
    response = browser.post("/panel/sign-out/")

    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_a_new_secret_key_with_a_fallback_keeps_pages_and_sockets(browser, settings):
    socket = socket_of(browser)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [settings.SECRET_KEY]

    assert socket["is_signed_in"]()
    assert socket["is_signed_in"]()  # asking changed nothing
    assert is_in(browser)

    settings.SECRET_KEY_FALLBACKS = []
    assert is_in(browser)  # the visit has renewed the cookie
    assert socket_of(browser)["is_signed_in"]()
