"""Every address has the limit that is meant for it, and money never goes uncounted."""

import re

import pytest
from django.conf import settings
from django.test import RequestFactory

from accounts import tokens
from accounts.models import AuthSession
from config.limits.addresses import counted_as
from config.tests.routes import ROUTES
from core.limits import scopes

USER_WRITES = {
    "/api/v1/users/me": "writes",
    "/api/v1/wardrobe": "writes",
    "/api/v1/wardrobe/7/remove-background": "uploads",
    "/api/v1/auth/logout": "writes",
    "/api/v1/generations/try-on": "generations",
    "/api/v1/generations/generate": "generations",
    "/api/v1/products/7/purchase": "orders",
    "/api/v1/checkout": "orders",
    "/api/v1/orders/create-from-cart": "orders",
    "/api/v1/cart/items": "writes",
    "/api/v1/cart/quote": "writes",
    "/api/v1/users/me/topup": "money",
    "/api/v1/orders/7/cancel": "money",
    "/api/v1/payments/7/refund": "money",
    "/api/v1/payments/7/cancel": "money",
    "/api/v1/payments/user/top-up": "money",
    "/api/v1/payments/capture/7:x": "money",
    "/api/v1/payments/paypal/webhook": "payment_callbacks",
    "/api/v1/auth/google/login": "sign_in",
    "/api/v1/auth/apple/login": "sign_in",
    "/api/v1/auth/mfa/verify": "second_factor",
    "/api/v1/auth/google/login/": "sign_in",
    "/api/v1/admin/adjustments": "money",
    "/api/v1/admin/orders/7/cancel": "money",
    "/api/v1/admin/refunds/7/process": "money",
    "/api/v1/shops/me/payouts": "money",
    "/accounts/second-factor/sign-in/": "second_factor",
    "/panel/orders/7/accept/": "money",
    "/api/v1/auth/refresh": "refresh",
    "/api/v1/payments/sandbox/callback": "payment_callbacks",
}
RISKY = re.compile(
    r"/api/v1/.*(purchase|rent|topup|payout|refund|checkout|from-cart|login|mfa|try-on|generate|orders/7/7)$"
)


def bearer(account, kind):
    session = AuthSession.objects.create(**{kind: account}, platform="web")
    return {"HTTP_AUTHORIZATION": f"Bearer {tokens.issue(session).access}"}


def signed_in_to_pages(browser, user):
    browser.force_login(user)
    return browser.session


def counted(method, address, session=None, **told):
    request = RequestFactory().generic(method, address, **told)
    if session:
        request.session = session
        request.COOKIES[settings.SESSION_COOKIE_NAME] = session.session_key
    return counted_as(request)


@pytest.mark.parametrize(("address", "scope"), USER_WRITES.items())
def test_what_a_user_writes(client, aigerim, address, scope):
    if address.startswith("/api/"):
        row, who = counted("POST", address, **bearer(aigerim, "user"))
    else:
        row, who = counted("POST", address, session=signed_in_to_pages(client, aigerim))

    assert row.name == scope
    by_network = row.by_address or row is scopes.REFRESH  # that one is known by its body
    assert who == ("ip:127.0.0.1" if by_network else f"user:{aigerim.pk}")


@pytest.mark.parametrize(
    ("method", "address", "scope"),
    [
        ("GET", "/api/v1/shops/me/orders", "shop"),
        ("PUT", "/api/v1/shops/me", "shop"),
        ("POST", "/api/v1/shops/me/orders/7/accept", "money"),
        ("POST", "/api/v1/shops/me/topup", "money"),
    ],
)
def test_what_a_shop_does(atelier, method, address, scope):
    row, who = counted(method, address, **bearer(atelier, "shop"))

    assert (row.name, who) == (scope, f"shop:{atelier.pk}")


@pytest.mark.parametrize(
    ("method", "address", "scope"),
    [
        ("GET", "/api/v1/products", "anonymous"),
        ("GET", "/api/v1/auth/google/url", "anonymous"),
        ("POST", "/api/v1/users/me/topup", "anonymous"),
        ("POST", "/api/v1/products/search-by-image", "uploads"),
        ("POST", "/api/v1/nowhere", "anonymous"),
        ("GET", "/api/docs", "anonymous"),
        ("GET", "/panel/sign-in/", "pages"),
        ("POST", "/accounts/google/login/", "anonymous"),
        ("GET", "/accounts/google/login/callback/", "sign_in"),
        ("GET", "/api/v1/auth/google/callback", "sign_in"),
        ("POST", "/accounts/second-factor/sign-in/", "second_factor"),
    ],
)
def test_what_a_stranger_does(method, address, scope):
    row, who = counted(method, address)

    assert (row.name, who) == (scope, "ip:127.0.0.1")


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/uploads/shops/1/avatar.jpg"])
def test_what_is_never_counted(address):
    assert counted("GET", address) is None


def test_whatever_names_money_or_a_way_in_fails_closed(aigerim):
    said = bearer(aigerim, "user")
    addresses = [re.sub(r"<[^>]+>", "7", f"/{route}") for route in ROUTES]
    risky = [address for address in addresses if RISKY.match(address)]

    rows = {address: counted("POST", address, **said)[0] for address in risky}

    assert len(rows) >= 8
    assert {address for address, row in rows.items() if not row.fails_closed} == set()
