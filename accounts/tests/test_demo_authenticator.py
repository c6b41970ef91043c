"""Nobody needs a phone to look around: the demo's Google shows its administrator's codes."""

import re

import httpx
import pytest
from django.core.management import call_command

from accounts import demo_authenticator, tokens
from accounts.demo_accounts import DEMO_ACCOUNTS
from accounts.mfa import factors
from accounts.models import AuthSession, User
from accounts.tests.test_sign_in import demo_google
from catalog.models import Product

__all__ = ["demo_google"]  # a fixture
ADMIN = DEMO_ACCOUNTS[0]


@pytest.fixture
def demo_admin(db):
    return User.objects.create(
        google_id=ADMIN.sub, email=ADMIN.email, name=ADMIN.name, role=User.Role.ADMIN
    )


@pytest.fixture
def filled(dress):
    """A demo that was made before there was a second factor."""
    assert Product.objects.exists()


def test_the_page_shows_the_code_and_renews_itself(demo_google):
    page = httpx.get(f"{demo_google}/authenticator", headers={"accept-language": "en"})

    assert re.search(r">(\d{6})</p>", page.text)[1] in {
        demo_authenticator.code(),
        demo_authenticator.code(later=-1),
    }
    assert re.search(r'<meta http-equiv="refresh" content="([1-9]|[12]\d|30)">', page.text)
    assert ADMIN.email in page.text
    assert "script" not in page.text


def test_its_codes_open_the_demo(demo_google, demo_admin, filled, client):
    call_command("demo", "--if-empty")

    assert list(factors.of(demo_admin).values()) == ["totp"]
    session = AuthSession.objects.create(user=demo_admin, platform="web")
    answer = client.post(
        "/api/v1/auth/mfa/verify",
        {"code": demo_authenticator.code()},
        content_type="application/json",
        headers={"authorization": f"Bearer {tokens.issue(session).access}"},
    )
    assert answer.status_code == 200


def test_it_is_given_once_and_to_the_demo_alone(demo_google, demo_admin, admin, filled):
    call_command("demo", "--if-empty")
    before = factors.of(demo_admin)
    call_command("demo", "--if-empty")

    assert factors.of(demo_admin) == before
    assert factors.of(admin) == {}


def test_the_published_secret_opens_nothing_where_the_real_google_signs_in(
    demo_admin, filled, settings
):
    settings.GOOGLE_BASE_URL = ""

    call_command("demo", "--if-empty")

    assert factors.of(demo_admin) == {}
