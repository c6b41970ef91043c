"""A panel listens to the socket with its session cookie, and only from our own pages."""

import pytest
from django.conf import settings

from accounts.authentication import _who
from accounts.models import User
from conftest import browser_of
from core.principal import Principal, Role


@pytest.fixture
def owner(atelier):
    return User.objects.create(
        google_id=atelier.google_id, email=atelier.email, name="Madina", role=User.Role.ADMIN
    )


@pytest.fixture
def knock(client):
    """What the socket is told about a browser that is signed in as somebody, or as nobody."""

    def who(user=None, client_type="shop", origin=b"https://leema.kz", **how):
        client.logout()
        if user:
            browser_of(user, client=client, **how)
        headers = [(b"host", b"leema.kz"), *([(b"origin", origin)] if origin else [])]
        query = f"client_type={client_type}".encode()
        cookies = {settings.SESSION_COOKIE_NAME: client.session.session_key}
        return _who({"cookies": cookies, "headers": headers, "query_string": query})

    return who


def test_the_owner_listens_as_the_shop(knock, owner, atelier):
    assert knock(owner)["principal"] == Principal(Role.SHOP, atelier.pk, "web")


def test_an_administrator_listens_as_one_where_the_page_asks_for_it(knock, owner):
    assert knock(owner, "admin")["principal"] == Principal(Role.ADMIN, owner.pk, "web")


def test_an_administrator_listens_after_the_second_factor_alone(knock, owner, timur):
    User.objects.filter(pk=timur.pk).update(role=User.Role.ADMIN)
    timur.refresh_from_db()

    assert knock(timur, "admin", second_factor=False)["principal"] is None
    assert knock(timur, "admin", shown_ago=31 * 60)["principal"] is None
    # The shop of an administrator is no way around it: the socket refuses the wrong kind.
    assert knock(owner, "admin", second_factor=False)["principal"].role == Role.SHOP


def test_nobody_else_listens(knock, owner, atelier, aigerim):
    assert knock()["principal"] is None
    assert knock(aigerim)["principal"] is None
    assert knock(aigerim, "admin")["principal"] is None
    assert knock(owner, origin=None)["principal"] is None
    assert knock(owner, origin=b"https://evil.example") == {
        "principal": None,
        "foreign_origin": True,
    }

    atelier.is_active = False
    atelier.save(update_fields=["is_active"])
    assert knock(owner)["principal"] is None


def test_a_panel_that_signed_out_is_no_longer_signed_in(knock, owner, client):
    is_signed_in = knock(owner)["is_signed_in"]
    assert is_signed_in()

    client.logout()

    assert not is_signed_in()


def test_an_administrator_who_was_demoted_is_no_longer_signed_in_as_one(knock, owner):
    is_signed_in = knock(owner, "admin")["is_signed_in"]

    User.objects.filter(pk=owner.pk).update(role=User.Role.USER)

    assert not is_signed_in()
