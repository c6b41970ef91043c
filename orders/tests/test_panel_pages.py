"""Every page keeps the rules of the browser's policy and of readers."""

import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.test import RequestFactory

from billing.gateways import sandbox
from billing.models import Payment
from catalog import variants
from catalog.variants import Offer
from conftest import funded
from core.errors import server_error
from orders.checkout import buy_from_balance
from orders.delivery import methods
from orders.models.kinds import Stage
from orders.tests.rentals import booked, for_rent, photographed
from orders.tests.steps import completed, take
from orders.transitions import Event
from shops.tests.owners import browser_of, browser_of_shop

OWNERS = [
    "/panel/",
    "/panel/products/",
    "/panel/products/new/",
    "/panel/products/{dress}/edit/",
    "/panel/products/{dress}/delete/",
    "/panel/delivery/",
    "/panel/delivery/{method}/edit/",
    "/panel/orders/",
    "/panel/orders/?status=waiting",
    "/panel/orders/{order}/",
    "/panel/orders/{rental}/",
    "/panel/rentals/",
    "/panel/profile/",
    "/panel/balance/",
]
EVERYBODYS = ["/", "/panel/sign-in/?next=/panel/", "{payment}"]
LANGUAGES = ["ru", "kk", "en"]


class Page(HTMLParser):
    """Collects what breaks the rules, and the ids that labels and fields have."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.broken: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.fields: set[str] = set()
        self.language = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.language = given.get("lang", "") if tag == "html" else self.language
        self.ids += [given["id"]] if "id" in given else []
        if tag == "label":
            self.labelled.add(given.get("for", ""))
        shown = given.get("type") != "hidden"
        if tag in {"input", "select", "textarea"} and shown:
            self.fields.add(given.get("id", "without id"))
        is_inline = tag == "style" or (
            tag == "script" and "src" not in given and given.get("type") != "application/json"
        )
        has_code = any(name == "style" or name.startswith("on") for name in given)
        address = given.get("src") or (given.get("href") if tag == "link" else "") or ""
        is_foreign = address.startswith(("http:", "https:", "//")) and not address.startswith(
            "http://127.0.0.1:8000/"
        )
        if is_inline or has_code or is_foreign or (tag == "img" and "alt" not in given):
            self.broken.append(self.get_starttag_text() or tag)


@pytest.fixture
def rows(aigerim, dress_on_sale, payment, picture):
    order = completed(buy_from_balance(aigerim, dress_on_sale))
    rental = booked(funded(aigerim, Decimal(1000)), for_rent(dress_on_sale))
    take(rental, Event.HAND_OVER, said=photographed(picture))
    variants.replace(dress_on_sale, [Offer(size="S", stock=1), Offer(size="M", rental_units=1)])
    return {
        "dress": dress_on_sale.pk,
        "payment": payment,
        "method": methods.add(dress_on_sale.shop, kind="pickup", name="Here").pk,
        "order": order.pk,
        "rental": rental.pk,
    }


@pytest.fixture
def payment(aigerim):
    """The address where Aigerim pays 500 ₸."""
    payment = Payment.objects.create(user=aigerim, provider="sandbox", amount=Decimal(500))
    return f"/pay/sandbox/{sandbox.page_key(payment.pk)}"


def broken(response, language, *, status=200, private=False):
    """The rules that a page breaks."""
    page, policy = Page(response.content.decode()), response["Content-Security-Policy"]
    is_kept = {
        "status": response.status_code == status,
        "policy": "default-src 'none'" in policy and "unsafe" not in policy,
        "language": page.language == language,
        "labels": page.fields <= page.labelled,
        "ids": len(page.ids) == len(set(page.ids)),
        "privacy": not private or "no-store" in response["Cache-Control"],
    }
    return page.broken + [rule for rule, kept in is_kept.items() if not kept]


def all_broken(browser, addresses, rows, language, **wanted):
    """{address: the rules that its page breaks}, where it breaks any."""
    found = {}
    for address in addresses:
        response = browser.get(address.format(**rows), headers={"accept-language": language})
        found[address] = broken(response, language, **wanted)
    return {address: rules for address, rules in found.items() if rules}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_the_owner_keep_the_rules(atelier, rows, language):
    assert all_broken(browser_of_shop(atelier), OWNERS, rows, language, private=True) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_everybody_keep_the_rules(client, rows, language):
    assert all_broken(client, EVERYBODYS, rows, language) == {}
    assert all_broken(client, ["/nowhere"], rows, language, status=404) == {}


def test_the_page_that_opens_a_shop_keeps_the_rules(aigerim):
    response = browser_of(aigerim).get("/panel/open-shop/", headers={"accept-language": "en"})

    assert broken(response, "en", private=True) == []


def test_the_words_of_live_events_name_fields_that_the_events_have(atelier, rows):
    page = browser_of_shop(atelier).get("/panel/").content.decode()
    [texts] = re.findall(r'<template id="live-texts".*?</template>', page, re.DOTALL)

    assert set(re.findall(r"\{([\w.]+)\}", texts)) == {
        "product.name",
        "reason",
        "reason.text",
        "import_id",
        "order_id",
        "order_number",
        "product_name",
        "rating",
        "balance",
    }


def test_a_page_with_badges_brings_the_words_of_every_stage(atelier, rows):
    page = browser_of_shop(atelier).get(f"/panel/orders/{rows['order']}/").content.decode()

    assert set(re.findall(r'data-label="order (\w+)"', page)) == set(Stage.values)
    assert f'data-order-id="{rows["order"]}" data-stage="completed"' in page


def test_the_error_page_needs_no_database_and_no_session():
    response = server_error(RequestFactory().get("/panel/"))

    assert response.status_code == 500
    assert "Something went wrong on our side." in response.content.decode()


def test_the_sign_in_page_takes_the_way_back_along(client, db):
    safe = client.get("/panel/sign-in/?next=/panel/orders/").content.decode()
    foreign = client.get("/panel/sign-in/?next=https://evil.example/").content.decode()

    assert '<input type="hidden" name="next" value="/panel/orders/">' in safe
    assert "evil.example" not in re.sub(r'value="/panel/sign-in/[^"]*"', "", foreign)
    assert 'action="/accounts/google/login/"' in safe


def test_paying_on_the_sandbox_page_moves_the_money(client, aigerim, payment):
    assert "No real money moves" in client.get(payment).content.decode()

    page = client.post(payment, {"decision": "pay"}, follow=True).content.decode()

    aigerim.refresh_from_db()
    assert aigerim.balance == 1500
    assert "Paid. The money is on the balance" in page
    assert 'name="decision"' not in page


def test_declining_on_the_sandbox_page_moves_nothing(client, aigerim, payment):
    page = client.post(payment, {"decision": "decline"}, follow=True).content.decode()

    aigerim.refresh_from_db()
    assert aigerim.balance == 1000
    assert "Declined. Nothing was charged" in page
    assert 'value="decline"' not in page
