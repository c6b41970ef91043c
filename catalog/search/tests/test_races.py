"""What is written at once is found as it is called in the end."""

import threading
import time

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connections, transaction

from billing.tests.test_ledger import at_once
from catalog import categories as category_rules
from catalog.models import Category, PictureLook, Product
from catalog.products import create_product, update_product
from catalog.search import facet_counts
from catalog.variants import Offer
from shops.models import Shop
from shops.profile import update_profile

SOON = 0.3  # seconds, in which the other one comes as far as it can

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["shop", "category", "profile", "panel"])
def rename(request, atelier, dresses, categories):
    """A way to give a shop or category another name."""

    def save():
        dresses.name_en = "Zhibek"
        category_rules.save(dresses)

    return {
        "shop": lambda: Shop.objects.filter(pk=atelier.pk).update(shop_name="Zhibek"),
        "category": lambda: Category.objects.filter(pk=dresses.pk).update(name_en="Zhibek"),
        "profile": lambda: update_profile(atelier, shop_name="Zhibek"),
        "panel": save,
    }[request.param]


@pytest.fixture(params=["added", "moved"])
def come(request, atelier, dresses, categories):
    """How a product comes to be called by the name."""
    skirts = Category.objects.get(slug="skirts")
    coat = create_product(atelier, name="Coat", price=400, category=skirts)

    def add():
        create_product(atelier, name="Gown", price=400, category=dresses)

    def move():
        update_product(coat, offers=[Offer(colour="red", stock=1)], category=dresses)

    return move if request.param == "moved" else add


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


def test_a_product_that_comes_during_a_renaming_has_the_new_name(rename, come):
    behind(rename, come)

    assert called("Gown") or called("Coat")


def test_a_renaming_that_comes_during_an_adding_reaches_the_product(rename, come):
    behind(come, rename)

    assert called("Gown") or called("Coat")


def test_variants_written_at_once_are_all_counted(anyone, sells):
    dress = sells("Silk dress")

    at_once(8, lambda number: dress.variants.create(size=f"size {number}"))

    sizes = anyone.get("/api/v1/products/facets").json()["sizes"]
    assert sizes == [{"value": f"size {number}", "count": 1} for number in range(8)]


def test_a_picture_that_is_looked_at_while_it_becomes_the_main_one_is_that(sells):
    coat = sells("Coat")

    def look():
        PictureLook.objects.create(product=coat, name="b.jpg", fingerprint=0)

    behind(lambda: Product.objects.filter(pk=coat.pk).update(images=["b.jpg", "a.jpg"]), look)

    assert PictureLook.objects.get(name="b.jpg").is_main


def test_a_change_during_the_count_of_facets_is_counted_later(anyone, sells, atelier):
    dress, _ = sells("Silk dress", "Silk gown")

    behind(
        lambda: Product.objects.filter(pk=dress.pk).update(is_active=False), facet_counts.keep_up
    )

    assert facet_counts.stale() == [atelier.pk]
    assert anyone.get("/api/v1/products/facets").json()["total"] == 1
