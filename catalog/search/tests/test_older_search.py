"""The older clients search by words of their own, and find what everybody does."""

from decimal import Decimal

import pytest

SEARCH = "/api/v1/products/search"


@pytest.fixture
def wares(sells, bazaar):
    sells("Silk dress", price=Decimal(300))
    sells("Linen dress", price=Decimal(100))
    sells("Wool dress", price=Decimal(200), shop=bazaar)
    sells("Coat", category="outerwear", price=Decimal(900))


@pytest.fixture
def names(anyone):
    def ask(**asked):
        response = anyone.get(SEARCH, asked)
        assert response.status_code == 200, response.content
        return [product["name"] for product in response.json()["products"]]

    return ask


def test_by_words_shop_and_price(wares, names, bazaar):
    assert names(query="silk") == ["Silk dress"]
    assert names(shop_id=bazaar.pk) == ["Wool dress"]
    assert names(query="dresses", min_price=150, max_price=250) == ["Wool dress"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"sort_by": "price", "sort_order": "asc"}, ["Linen dress", "Wool dress", "Silk dress"]),
        ({"sort_by": "price", "sort_order": "desc"}, ["Silk dress", "Wool dress", "Linen dress"]),
        ({"sort_by": "created_at"}, ["Wool dress", "Linen dress", "Silk dress"]),
    ],
)
def test_in_their_orders(wares, names, asked, expected):
    assert names(query="dress", **asked) == expected


def test_an_order_that_there_is_not_changes_nothing(wares, names):
    assert len(names(sort_by="password", sort_order="sideways")) == 4


def test_with_a_total_and_by_pages(wares, anyone):
    body = anyone.get(SEARCH, {"query": "dress", "skip": 2, "limit": 2}).json()

    assert (body["total"], body["page"], body["page_size"]) == (3, 2, 2)
    assert len(body["products"]) == 1


@pytest.mark.parametrize("status", ["pending", "rejected"])
def test_nobody_sees_what_is_not_on_sale(wares, names, dress, as_atelier, status):
    assert "Silk dress" in names(moderation_status=status, is_active="false")
    response = as_atelier.get(SEARCH, {"moderation_status": status, "is_active": "false"})
    assert dress.pk not in [product["id"] for product in response.json()["products"]]


def test_a_price_that_is_none_is_refused(anyone):
    assert anyone.get(SEARCH, {"min_price": "cheap"}).status_code == 422
