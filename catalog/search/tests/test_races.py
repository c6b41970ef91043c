"""What is written at once is found as it is called in the end."""

import threading
import time

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connections, transaction

from billing.tests.test_ledger import at_once
from catalog.models import Category, Product
from catalog.products import create_product

SOON = 0.3  # seconds, in which the other one comes as far as it can

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["shop", "category", "moved"])
def race(request, atelier, dresses, categories):
    """How something gets another name, and how a product comes to be called by it."""
    skirts = Category.objects.get(slug="skirts")
    coat = create_product(atelier, name="Coat", price=400, category=skirts)
    named = {"shop": (atelier, "shop_name"), "category": (dresses, "name_en")}
    row, field = named.get(request.param, named["category"])

    def rename():
        type(row).objects.filter(pk=row.pk).update(**{field: "Zhibek"})

    def add():
        create_product(atelier, name="Gown", price=400, category=dresses)

    def move():
        Product.objects.filter(pk=coat.pk).update(category=dresses)

    return rename, move if request.param == "moved" else add


def called(name):
    zhibek = SearchQuery("zhibek", config="simple")
    return Product.objects.filter(words__document=zhibek, name=name).exists()


def behind(first, second):
    """Do the second while the first is done, but not committed."""

    def run():
        try:
            second()
        finally:
            connections.close_all()

    other = threading.Thread(target=run)
    with transaction.atomic():
        first()
        other.start()
        time.sleep(SOON)
    other.join()


def test_a_product_that_comes_during_a_renaming_has_the_new_name(race):
    rename, come = race

    behind(rename, come)

    assert called("Gown") or called("Coat")


def test_a_renaming_that_comes_during_an_adding_reaches_the_product(race):
    rename, come = race

    behind(come, rename)

    assert called("Gown") or called("Coat")


def test_variants_written_at_once_are_all_counted(anyone, sells):
    dress = sells("Silk dress")

    at_once(8, lambda number: dress.variants.create(size=f"size {number}"))

    sizes = anyone.get("/api/v1/products/facets").json()["sizes"]
    assert sizes == [{"value": f"size {number}", "count": 1} for number in range(8)]
