"""The API goes past what only pages need."""

import pytest
from django.conf import settings
from django.test import Client


@pytest.fixture
def visitor(aigerim):
    """A browser in which somebody has signed in to the pages."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(aigerim, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def test_a_session_is_not_looked_at(visitor, django_assert_num_queries):
    with django_assert_num_queries(1):  # of the products themselves
        response = visitor.get("/api/v1/products")

    assert response.status_code == 200
    assert "Cookie" not in response["Vary"]
    assert not response.cookies


def test_a_page_looks_at_it(visitor):
    """The control."""
    assert "Cookie" in visitor.get("/panel/").headers["Vary"]


def test_the_cookie_of_a_page_opens_nothing_and_no_form_token_is_asked_for(visitor):
    response = visitor.post("/api/v1/auth/logout")

    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def test_what_it_goes_past_is_there_for_the_pages():
    assert set(settings.MIDDLEWARE) >= settings.PAGES_ALONE
    assert len(settings.MIDDLEWARE) == len(settings.API_MIDDLEWARE) + len(settings.PAGES_ALONE)


@pytest.mark.parametrize("address", ["/api/v1/nothing", "/nothing"])
def test_an_address_that_is_nowhere_is_not_found_by_either_way(client, address):
    assert client.get(address).status_code == 404
