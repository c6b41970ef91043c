import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.variants import Offer
from orders.models import CartItem
from orders.tests.offers import TERMS, offered


@pytest.fixture
def gown(atelier):
    """For rent: two pieces, 50 ₸ a day and a deposit of 200 ₸ each."""
    return offered(atelier, "Gown", 900, Offer(stock=1, rental_units=2), terms=TERMS)


@pytest.fixture
def cart(as_aigerim):
    """Put something into Aigerim's cart; answers the cart."""

    def put(**wish):
        response = as_aigerim.post("/api/v1/cart/items", wish)
        assert response.status_code == 201, response.content
        return response.json()

    return put


@pytest.fixture
def in_cart(aigerim):
    """What is in Aigerim's cart: (product, quantity)."""

    def read():
        rows = CartItem.objects.filter(cart__user=aigerim).order_by("pk")
        return list(rows.values_list("variant__product__name", "quantity"))

    return read


@pytest.fixture
def queries():
    """How many queries a request takes."""

    def count(ask, status=200):
        with CaptureQueriesContext(connection) as captured:
            response = ask()
        assert response.status_code == status, response.content
        return len(captured)

    return count
