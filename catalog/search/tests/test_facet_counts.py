"""What is kept of the counts of all products is what they come to now, whatever has changed."""

import pytest
from django.utils import timezone

from catalog.models import Category, Product
from catalog.search import facet_counts
from catalog.search.facets import facets, facets_of_all
from catalog.tables import FacetChange, FacetCount
from catalog.tasks import count_facets
from catalog.variants import Offer

PRODUCTS = {
    "hidden": {"is_active": False},
    "rejected": {"is_active": False, "moderation_status": "rejected"},
    "deleted": {"is_active": False, "deleted_at": timezone.now()},
    "dearer": {"price": 60_000},
    "without a category": {"category": None},
}


@pytest.fixture(autouse=True)
def _wardrobe(sells, bazaar):
    sells("Silk dress", price=4_999, offers=[Offer(size="S", colour="red"), Offer(size="M")])
    sells("Silk skirt", offers=[Offer(size="M")], shop=bazaar, category="skirts")
    count_facets()


def counted():
    """The counts that are told, which are those of now."""
    told = facets_of_all()
    assert told == facets(Product.objects.visible())
    return told


def test_what_is_counted_is_not_read_again():
    assert facet_counts.stale() == []
    assert counted()["total"] == 2

    FacetCount.objects.filter(kind="price").update(count=5)
    assert facets_of_all()["total"] == 10
    assert count_facets() == 0


@pytest.mark.parametrize("changed", PRODUCTS)
def test_a_change_of_a_product_counts_at_once(changed, atelier):
    Product.objects.filter(name="Silk dress").update(**PRODUCTS[changed])
    assert facet_counts.stale() == [atelier.pk]
    now = counted()

    count_facets()

    assert counted() == now
    assert not FacetChange.objects.exists()


def test_so_does_one_of_its_variants_and_of_its_shop(atelier, bazaar, sells):
    dress = Product.objects.get(name="Silk dress")
    dress.variants.filter(size="M").delete()
    assert {each["value"]: each["count"] for each in counted()["sizes"]} == {"M": 1, "S": 1}
    Product.objects.filter(pk=dress.pk).update(shop=bazaar)
    assert [shop["count"] for shop in counted()["shops"]] == [2]
    sells("Silk coat", category="outerwear")
    assert counted()["total"] == 3
    Product.objects.get(name="Silk skirt").delete()
    assert counted()["total"] == 2
    for is_active, total in ((False, 1), (True, 2)):
        type(bazaar).objects.filter(pk=bazaar.pk).update(is_active=is_active)
        assert counted()["total"] == total
        count_facets()
        assert counted()["total"] == total


def test_what_does_not_change_a_count_is_not_noted(bazaar):
    Product.objects.update(views_count=5, name="Silk")
    waiting = Product.objects.create(shop=bazaar, name="Coat", price=1)
    Product.objects.filter(pk=waiting.pk).update(category=Category.objects.first(), price=2)
    waiting.delete()
    type(bazaar).objects.filter(pk=bazaar.pk).update(shop_name="Other")

    assert facet_counts.stale() == []
