"""What shoppers may not see is found by nothing: no list, no count, no suggestion."""

import pytest
from django.utils import timezone

from catalog.models import Product
from catalog.products import create_product
from catalog.search import search

HIDDEN = {
    "off sale": {"is_active": False},
    "rejected": {"is_active": False, "moderation_status": "rejected"},
    "deleted": {"is_active": False, "deleted_at": timezone.now()},
}


def hidden(anyone, shown):
    facets = anyone.get("/api/v1/products/facets", {"q": "zephyr"}).json()
    suggested = anyone.get("/api/v1/products/suggest", {"q": "zeph"}).json()
    similar = anyone.get(f"/api/v1/products/{shown.pk}/similar").json()["products"]
    return (
        anyone.get("/api/v1/products", {"q": "zephyr"}).json()["products"] == []
        and anyone.get("/api/v1/products", {"q": "zephir"}).json()["products"] == []
        and facets["total"] == 0
        and facets["categories"] == facets["prices"] == []
        and suggested == {"suggestions": []}
        and similar == []
    )


@pytest.mark.parametrize("state", HIDDEN)
def test_a_product_is_not_found(anyone, sells, state):
    shown, product = sells("Silk dress", "Zephyr dress")
    assert not hidden(anyone, shown)

    Product.objects.filter(pk=product.pk).update(**HIDDEN[state])
    search().learn()

    assert hidden(anyone, shown)
    assert anyone.get(f"/api/v1/products/{product.pk}/similar").status_code == 404


def test_a_product_that_waits_for_moderation_is_not_found(anyone, sells, atelier, dresses):
    shown = sells("Silk dress")
    create_product(atelier, name="Zephyr dress", price=400, category=dresses)
    search().learn()

    assert hidden(anyone, shown)


@pytest.mark.parametrize("state", [{"is_active": False}, {"is_approved": False}])
def test_products_of_a_closed_shop_are_not_found(anyone, sells, bazaar, state):
    shown = sells("Silk dress")
    sells("Zephyr dress", shop=bazaar)
    type(bazaar).objects.filter(pk=bazaar.pk).update(**state)
    search().learn()

    assert hidden(anyone, shown)
