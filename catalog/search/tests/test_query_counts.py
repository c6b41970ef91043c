"""What is asked of the database for a search does not grow with what is found."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

ADDRESSES = {
    "products?q=платье": 3,
    "products?q=плате&sort=price&size=M&in_stock=true": 2,
    "products/facets?q=платье": 4,
    "products/suggest?q=пла": 1,
    "products/{pk}/similar": 4,
}


@pytest.fixture
def queries(anyone):
    def count(product):
        counts = {}
        for address in ADDRESSES:
            with CaptureQueriesContext(connection) as captured:
                response = anyone.get(f"/api/v1/{address.format(pk=product.pk)}")
            assert response.status_code == 200, response.content
            counts[address] = len(captured)
        return counts

    return count


def test_a_search_asks_no_more_for_more_products(sells, queries):
    first = sells("Платье")
    sells("Платье из шёлка")
    one = queries(first)

    sells(*(f"Платье {number}" for number in range(10)))

    assert queries(first) == one == ADDRESSES
