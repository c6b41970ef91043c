"""A socket that brings an administrator's token listens as one after the second factor alone."""

import pytest

from accounts import tokens
from accounts.authentication import _who
from accounts.mfa import factors
from accounts.models import AuthSession
from conftest import APP_SECRET
from core.principal import Role


@pytest.fixture
def session(admin):
    factors.enrol_app(admin, APP_SECRET)
    return AuthSession.objects.create(user=admin, platform="web")


def knock(access):
    query = f"token={access}&client_type=admin".encode()
    return _who({"headers": [], "query_string": query})


def test_before_the_factor_it_is_an_ordinary_user(session):
    heard = knock(tokens.issue(session).access)

    assert heard["principal"].role == Role.USER
    assert heard["is_signed_in"]()


def test_after_it_an_administrator_until_the_factor_is_gone(session, admin):
    heard = knock(tokens.with_second_factor(str(session.pk)).access)
    assert heard["principal"].role == Role.ADMIN
    assert heard["is_signed_in"]()

    before = factors.of(admin)
    factors.Authenticator.objects.filter(user=admin).delete()
    factors.record_changes(admin, before)

    assert not heard["is_signed_in"]()
