"""After the sign-in a browser goes on to a page of ours, whatever the link said."""

import pytest
from django.urls import reverse
from django.utils.html import escape

FOREIGN = ["//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)"]
FOREIGN += ["https://evil.example/", "http:evil.example", "///evil.example", "\t//evil.example"]
FOREIGN += ["https://testserver@evil.example/"]
OWN = "/panel/orders/"

every_foreign = pytest.mark.parametrize("address", FOREIGN)


@every_foreign
def test_the_sign_in_page_keeps_no_foreign_address(client, db, address):
    page = client.get(reverse("panel-sign-in"), {"next": address})

    assert page.context["next"] == ""
    # The language form comes back to this very address, in which the other one is quoted.
    assert escape(address) not in page.content.decode()


def test_the_sign_in_page_keeps_our_own(client, db):
    assert client.get(reverse("panel-sign-in"), {"next": OWN}).context["next"] == OWN


def following(client):
    """Where the sign-in through Google would lead to at its end."""
    states = client.session["socialaccount_states"].values()
    return [state[0].get("next") for state in states]


@every_foreign
def test_google_brings_nobody_to_a_foreign_address(client, db, address):
    client.post(reverse("google_login"), {"next": address})

    assert following(client) == [None]


def test_google_brings_one_back_to_our_own(client, db):
    client.post(reverse("google_login"), {"next": OWN})

    assert following(client) == [OWN]


@every_foreign
def test_choosing_a_language_leads_nowhere_else(client, db, address):
    response = client.post(reverse("set_language"), {"language": "kk", "next": address})

    assert response["Location"] == "/"


@every_foreign
def test_the_administrators_site_sends_to_no_foreign_address(client, db, address):
    response = client.get(reverse("admin:login"), {"next": address}, follow=True)

    assert response.context["next"] == ""
