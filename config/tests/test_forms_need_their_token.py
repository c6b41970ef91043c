"""A page of somebody else cannot send our forms: without its token nothing is done."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from config.header_audit import addresses
from conftest import browser_of
from orders.checkout import buy_from_balance

pytestmark = pytest.mark.usefixtures("unlimited")

# Asked without a form, and of no consequence.
WITHOUT_TOKEN = {"csp-report"}
ROUTES = [route for route in addresses.routes() if not route.startswith("api/")]
# Sessions and visits are no acts; a sequence of migrations never changes here.
NO_DATA = {"django_session", "django_migrations"}


def everything():
    """A checksum of every table."""
    sums = {}
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names()) - NO_DATA:
            cursor.execute(
                f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" t"
            )
            sums[table] = cursor.fetchone()
    return sums


@pytest.fixture
def rows(admin, aigerim, atelier, dress_on_sale, dresses):
    """One row behind each kind of address."""
    atelier.google_id, admin.google_id = "g-both", "g-both"
    atelier.save(update_fields=["google_id"])
    admin.save(update_fields=["google_id"])
    order = buy_from_balance(aigerim, dress_on_sale)
    return {"user": aigerim, "shop": atelier, "product": dress_on_sale, "order": order}


@pytest.fixture
def owner(admin, rows):
    """A signed-in administrator who also owns the shop, in a browser that checks tokens."""
    return browser_of(admin, client=Client(enforce_csrf_checks=True))


def address(route, rows):
    """The route with the id of a row that is there."""
    kind = next((kind for kind in rows if kind in route), "user")
    filled = route.replace("<int:pk>", str(rows[kind].pk))
    filled = filled.replace("<path:object_id>", str(rows[kind].pk))
    return addresses.example(filled, [])


def test_no_form_is_taken_without_its_token(owner, rows):
    before = everything()

    for route in ROUTES:
        path = address(route, rows)
        if path:
            response = owner.post(path, {"post": "yes", "reason": "Nothing to see here."})
            expected = 415 if route in WITHOUT_TOKEN else 403
            assert response.status_code == expected, (path, response.status_code)

    assert everything() == before


def test_a_token_of_another_browser_does_not_help(owner, rows):
    stranger = Client(enforce_csrf_checks=True)
    page = stranger.get(reverse("panel-sign-in")).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    cancel = reverse("admin:orders_order_step", args=[rows["order"].pk, "cancel"])

    response = owner.post(cancel, {"csrfmiddlewaretoken": token})

    rows["order"].refresh_from_db()
    assert (response.status_code, rows["order"].status) == (403, "confirmed")


def test_the_same_form_with_its_token_is_taken(owner, rows):
    page = owner.get(reverse("admin:orders_order_change", args=[rows["order"].pk])).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    cancel = reverse("admin:orders_order_step", args=[rows["order"].pk, "cancel"])

    response = owner.post(cancel, {"csrfmiddlewaretoken": token})

    rows["order"].refresh_from_db()
    assert (response.status_code, rows["order"].status) == (302, "cancelled")


def test_the_api_ignores_cookies_so_it_needs_no_token(owner, rows):
    response = owner.post(f"/api/v1/admin/shops/{rows['shop'].pk}/approve")

    assert response.status_code == 401
