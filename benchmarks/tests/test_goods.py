"""What benchmarks fill the database with is what the catalogue reads."""

import pytest

from benchmarks.goods import fill
from catalog.models import Product
from catalog.serializers import ProductSerializer

pytestmark = pytest.mark.usefixtures("categories")


@pytest.mark.django_db(transaction=True)
def test_products_are_listed_found_and_counted(anyone):
    fill(40)

    listed = anyone.get("/api/v1/products", {"limit": 5}).json()["products"]
    assert [product["id"] for product in listed] == [40, 39, 38, 37, 36]
    assert listed[0].keys() == {*ProductSerializer.Meta.fields}
    word = listed[0]["name"].split()[-1]
    assert anyone.get("/api/v1/products", {"q": word}).json()["products"][0]["id"] == 40
    assert sum(each["count"] for each in anyone.get("/api/v1/products/facets").json()["sizes"]) > 40
    assert Product.objects.count() == 40
