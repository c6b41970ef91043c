from decimal import Decimal

import pytest

from catalog import moderation
from catalog.models import Category
from catalog.products import create_product
from catalog.search import search


@pytest.fixture
def sells(atelier, admin, categories):
    """Put products of these names on sale, and let their words be known."""

    def sell(*names, shop=atelier, category="dresses", **details):
        kind = Category.objects.get(slug=category)
        details = {"price": Decimal(400), "category": kind, **details}
        products = [create_product(shop, name=name, **details) for name in names]
        for product in products:
            moderation.approve(product, by=admin)
        search().learn()
        return products if len(products) > 1 else products[0]

    return sell


@pytest.fixture
def found(anyone):
    """The names of what the list shows, in its order."""

    def ask(q, **narrowed):
        response = anyone.get("/api/v1/products", {"q": q, **narrowed})
        assert response.status_code == 200, response.content
        return [product["name"] for product in response.json()["products"]]

    return ask
