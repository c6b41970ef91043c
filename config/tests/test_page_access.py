"""Every page against those who may stand before it: see access.py."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from config.tests.access import ADMIN_SITE, PAGES, Page
from config.tests.routes import ROUTES, V1, filled
from conftest import browser_of, signed_in
from shops.models import Shop
from shops.tests.owners import browser_of_shop

pytestmark = pytest.mark.usefixtures("unlimited")

STRANGERS = {"anonymous", "bearer of an administrator", "blocked user"}
PEOPLE = {"user", "admin", "admin without second factor"}
OWNERS = {"owner", "owner of an unapproved shop"}
EVERYBODY = sorted(STRANGERS | PEOPLE | OWNERS | {"owner of a suspended shop"})
SIGN_IN, OPEN_SHOP = "to sign in", "to open a shop"
SECOND_FACTOR, FORBIDDEN, IN = "to the second factor", "403", "in"
OPEN = {
    Page.ANYONE: {IN},
    Page.SIGNED_LINK: {IN},
    Page.WAY_OUT: {IN, SIGN_IN},  # `in`: the wrong method
    Page.BLOCKED: {FORBIDDEN},
}


def test_the_table_names_every_page_and_no_other():
    pages = {route for route in ROUTES if not route.startswith((V1, ADMIN_SITE))}

    assert set(PAGES) == pages


@pytest.fixture
def browsers(aigerim, timur, admin, atelier) -> dict[str, Client]:
    blocked = browser_of(timur)
    type(timur).objects.filter(pk=timur.pk).update(is_active=False)
    enrolled = browser_of(admin)
    return {
        "anonymous": Client(),
        "bearer of an administrator": Client(
            headers={"Authorization": signed_in(admin, "web")._credentials["HTTP_AUTHORIZATION"]}
        ),
        "blocked user": blocked,
        "user": browser_of(aigerim),
        "admin": enrolled,
        "admin without second factor": browser_of(admin, second_factor=False),
        "owner": browser_of_shop(atelier),
        "owner of an unapproved shop": browser_of_shop(new_shop("unapproved")),
        "owner of a suspended shop": browser_of_shop(
            new_shop("suspended", is_approved=True, is_active=False)
        ),
    }


def wanted(page: Page, name: str) -> set[str]:
    """What the visitor may be answered with."""
    if page in OPEN:
        return OPEN[page]
    if name in STRANGERS:
        return {SIGN_IN}
    if page is Page.SECOND_FACTOR:
        return {IN, SECOND_FACTOR, FORBIDDEN}
    if page is Page.OWNERS_WAY_OUT and name in OWNERS:
        return {IN, SIGN_IN}  # `in`: the wrong method
    if page is Page.PERSON or name in OWNERS:
        return {IN}
    return {OPEN_SHOP} if name in PEOPLE else {FORBIDDEN}


def wanted_of_the_site(route: str, name: str) -> set[str]:
    if route in {"admin/login/", "admin/logout/"}:
        return {SIGN_IN, SECOND_FACTOR, IN}
    # Much cannot be added, changed or deleted there by anybody.
    known = {"admin": {IN, FORBIDDEN}, "admin without second factor": {SECOND_FACTOR}}
    return known.get(name, {SIGN_IN})


@pytest.mark.parametrize("visitor", EVERYBODY)
def test_a_visitor_is_let_in_where_the_table_says(visitor, browsers):
    assert (
        surprises(browsers[visitor], {r: wanted(page, visitor) for r, page in PAGES.items()}) == {}
    )


@pytest.mark.parametrize("visitor", EVERYBODY)
def test_the_administrators_site_lets_in_administrators_alone(visitor, browsers):
    site = [route for route in ROUTES if route.startswith(ADMIN_SITE)]

    assert len(site) > 90
    should = {route: wanted_of_the_site(route, visitor) for route in site}
    assert surprises(browsers[visitor], should) == {}


def surprises(browser: Client, should: dict[str, set[str]]) -> dict[tuple[str, str], str]:
    """What was answered, for every page where that is none of what it may be."""
    found = {}
    for route, expected in should.items():
        for method in ("GET", "POST"):
            seen = verdict(visit(browser, method, route))
            if seen not in expected:
                found[method, route] = seen
    return found


def new_shop(name: str, **details: Any) -> Shop:
    told = {"google_id": f"g-{name}", "email": f"{name}@example.kz", "shop_name": name}
    return Shop.objects.create(**told, **details)


def visit(browser: Client, method: str, route: str) -> Any:
    """Visit once, and leave the browser and the database as they were."""
    cookies = browser.cookies.output(header="", sep=";")
    with transaction.atomic():
        response = browser.generic(method, filled(route))
        transaction.set_rollback(True)
    browser.cookies.clear()
    browser.cookies.load(cookies)
    return response


def verdict(response: Any) -> str:
    if response.status_code == 403:
        return FORBIDDEN
    if response.status_code != 302:
        return IN
    to = response.headers["Location"].partition("?")[0]
    ways = {
        reverse("panel-sign-in"): SIGN_IN,
        reverse("admin:login"): SIGN_IN,
        reverse("panel-open-shop"): OPEN_SHOP,
        reverse("mfa_index"): SECOND_FACTOR,
        reverse("mfa_reauthenticate"): SECOND_FACTOR,
    }
    return ways.get(to, IN)
