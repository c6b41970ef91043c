"""Each address takes the same few queries, however many products there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Product, ProductVariant
from catalog.variants import Offer

QUERIES = {
    "products": 1,
    "products?q=silk": 4,
    "products?q=silk&with_total=1": 5,
    "products?q=silk&sort=price&with_total=1": 5,
    "products?q=slik": 4,
    "products?size=M&color=red&in_stock=true": 2,
    "products?rentable_from=2030-05-10&rentable_to=2030-05-12": 2,
    "products/suggest?q=sil": 1,
    "products/facets": 4,
    "products/facets?q=silk": 5,
}
SIMILAR = 4


@pytest.fixture
def counted(anyone):
    def count(first):
        addresses = [*QUERIES, f"products/{first.pk}/similar"]
        counts = {}
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert anyone.get(f"/api/v1/{address}").status_code == 200
            counts[address] = len(captured)
        return counts

    return count


def test_one_product_takes_as_many_queries_as_a_hundred(counted, sells):
    offers = [Offer(size="M", colour="red", rental_units=1)]
    terms = {"price_per_day": 500}
    first, second = sells("Silk dress", "Silk gown", offers=offers, rental_terms=terms)
    few = counted(first)

    for each in range(100):
        second.pk, second.name = None, f"Silk gown {each}"
        Product.objects.bulk_create([second])
        ProductVariant.objects.create(product=second, size="M", colour="red")

    assert counted(first) == few == {**QUERIES, f"products/{first.pk}/similar": SIMILAR}


def test_no_query_starts_helpers_of_postgresql(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW max_parallel_workers_per_gather")
        assert cursor.fetchone() == ("0",)
