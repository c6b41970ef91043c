"""A panel listens to the socket with its session cookie, and only from our own pages."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.authentication import _socket_principal
from accounts.models import User
from core.principal import Principal, Role


@pytest.fixture
def owner(atelier):
    return User.objects.create(
        google_id=atelier.google_id, email=atelier.email, name="Madina", role=User.Role.ADMIN
    )


def scope(user, client_type="shop", origin=b"https://leema.kz"):
    headers = [(b"host", b"leema.kz"), *([(b"origin", origin)] if origin else [])]
    query = f"client_type={client_type}".encode()
    return {"user": user, "headers": headers, "query_string": query}


def test_the_owner_listens_as_the_shop(owner, atelier):
    assert _socket_principal(scope(owner)) == Principal(Role.SHOP, atelier.pk, "web")


def test_an_administrator_listens_as_one_where_the_page_asks_for_it(owner):
    assert _socket_principal(scope(owner, "admin")) == Principal(Role.ADMIN, owner.pk, "web")


def test_nobody_else_listens(owner, atelier, aigerim):
    assert _socket_principal(scope(AnonymousUser())) is None
    assert _socket_principal(scope(aigerim)) is None
    assert _socket_principal(scope(aigerim, "admin")) is None
    assert _socket_principal(scope(owner, origin=b"https://evil.example")) is None
    assert _socket_principal(scope(owner, origin=None)) is None

    atelier.is_active = False
    atelier.save()
    assert _socket_principal(scope(owner)) is None
