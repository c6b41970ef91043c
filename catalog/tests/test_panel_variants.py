"""The part of a product's page about sizes, stock and rental; it works without JavaScript."""

from decimal import Decimal

import pytest

from catalog.models import Product, RentalTerms
from catalog.tests.test_panel_products import as_shown
from orders.checkout import buy_from_balance
from shops.tests.owners import browser_of_shop

NEW = "/panel/products/new/"


@pytest.fixture
def panel(atelier):
    return browser_of_shop(atelier)


@pytest.fixture
def address(dress_on_sale):
    return f"/panel/products/{dress_on_sale.pk}/edit/"


def filled(page, **typed):
    """What a browser sends when the owner types only this; __ stands for a dash."""
    offered = page.context["offered"]
    sent = as_shown(page.context["form"])
    forms = [offered.variants.management_form, *offered.variants, offered.rental]
    for field in (field for form in forms for field in form):
        value = field.value()
        if value is True:
            sent[field.html_name] = "on"
        elif value is not None and value is not False:
            sent[field.html_name] = value
    return {**sent, **{name.replace("__", "-"): value for name, value in typed.items()}}


def test_saving_the_page_as_it_is_changes_nothing(panel, address, dress_on_sale):
    before = dress_on_sale.variants.get()

    response = panel.post(address, filled(panel.get(address)))

    assert response["Location"] == "/panel/products/"
    assert dress_on_sale.variants.get() == before
    dress_on_sale.refresh_from_db()
    assert dress_on_sale.moderation_status == "approved"
    assert not RentalTerms.objects.exists()


def test_variants_and_rental_are_kept_without_moderation(panel, address, dress_on_sale):
    typed = {
        "variants__0__size": "S",
        "variants__0__stock": "3",
        "variants__1__size": "M",
        "variants__1__price": "450.50",
        "variants__1__rental_units": "2",
        "rental__price_per_day": "50",
        "rental__deposit": "200",
    }

    panel.post(address, filled(panel.get(address), **typed))

    rows = dress_on_sale.variants.values_list("size", "price", "stock", "rental_units")
    assert list(rows) == [("S", None, 3, 0), ("M", Decimal("450.50"), None, 2)]
    dress_on_sale.refresh_from_db()
    assert dress_on_sale.moderation_status == "approved"
    terms = dress_on_sale.rental_terms
    assert (terms.price_per_day, terms.deposit, terms.max_days) == (50, 200, 14)

    ended = filled(panel.get(address), rental__price_per_day="", variants__1__DELETE="on")
    panel.post(address, ended)

    assert list(dress_on_sale.variants.values_list("size", flat=True)) == ["S"]
    assert not RentalTerms.objects.exists()


def test_a_new_product_is_written_on_one_page(panel):
    typed = {"name": "Coat", "price": "900", "variants__0__size": "L", "variants__0__stock": "1"}

    panel.post(NEW, filled(panel.get(NEW), **typed))

    product = Product.objects.get()
    assert list(product.variants.values_list("size", "stock")) == [("L", 1)]


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(panel, address, dress_on_sale):
    typed = {"name": "New name", "variants__0__stock": "-1", "variants__0__colour": "ivory"}

    page = panel.post(address, filled(panel.get(address), **typed))

    assert list(page.context["offered"].variants.errors[0]) == ["stock"]
    assert 'value="ivory"' in page.content.decode()
    assert "Not saved yet" in page.content.decode()
    dress_on_sale.refresh_from_db()
    assert dress_on_sale.name == "Silk dress"


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        (
            {"variants__0__stock": "0"},
            "Orders were promised 1 of “Silk dress”: keep as many in stock.",
        ),
        (
            {"variants__0__size": "S", "variants__1__size": "S"},
            "Two variants have the same size and colour.",
        ),
        (
            {"rental__price_per_day": "5", "rental__min_days": "9", "rental__max_days": "8"},
            "The shortest rental is longer than the longest.",
        ),
    ],
)
def test_what_the_domain_refuses_is_said(panel, address, aigerim, dress_on_sale, typed, complaint):
    buy_from_balance(aigerim, dress_on_sale)

    page = panel.post(address, filled(panel.get(address), **typed))

    assert page.context["form"].non_field_errors() == [complaint]
    assert dress_on_sale.variants.get().stock is None
    assert not RentalTerms.objects.exists()
