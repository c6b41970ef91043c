"""What is read fast says exactly what ProductSerializer says of the same rows."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from rest_framework.renderers import JSONRenderer

from catalog import moderation, reading
from catalog.models import Product
from catalog.products import create_product
from catalog.serializers import ProductSerializer
from catalog.variants import Offer
from core.rendering import QuickJSONRenderer

FACTS = {"material": "шёлк", "length, cm": 104, "weight": 0.25, "lined": False}
OFFERS = [
    Offer(size="S", colour="Red", sku="S-1", price=Decimal("450.50"), stock=3, rental_units=2),
    Offer(size="M", colour="Red", stock=0),
    Offer(size="L", is_active=False),
]
TERMS = {"price_per_day": Decimal("99.90"), "deposit": Decimal(5000), "max_days": 3}


@pytest.fixture
def kinds(atelier, bazaar, dresses, admin, picture):
    """A product of every kind: approved, waiting and rejected, with all its facts and with none."""
    rich = {"description": "Long\n«шёлк»", "characteristics": FACTS, "category": dresses}
    offered = {"offers": OFFERS, "rental_terms": TERMS, "images": [picture, picture]}
    approved = create_product(atelier, name="Dress", price=Decimal("400.10"), **rich, **offered)
    moderation.approve(approved, by=admin, notes="Well done")
    waiting = create_product(bazaar, name="Coat", price=Decimal(10**8), images=[picture])
    bare = create_product(bazaar, name="Hat", price=Decimal("0.01"))
    counted = {"views_count": 7, "try_ons_count": 5, "purchases_count": 3}
    until = timezone.now() + timedelta(days=30, microseconds=1)
    Product.objects.filter(pk=bare.pk).update(rent_expires_at=until, **counted)
    bare.variants.all().delete()
    rejected = create_product(atelier, name="Shirt", price=5)
    moderation.reject(rejected, "Blurred", by=admin)
    return [rejected.pk, approved.pk, bare.pk, waiting.pk]


def as_sent(rows):
    return json.loads(JSONRenderer().render(rows))


def test_it_is_what_the_serializer_says(kinds):
    rows = Product.objects.with_offers().in_bulk(kinds)
    told = ProductSerializer([rows[pk] for pk in kinds], many=True).data

    read = reading.products(kinds)

    assert as_sent(read) == as_sent(told)
    assert [row.keys() for row in read] == [set(ProductSerializer.Meta.fields)] * 4


def test_shoppers_are_shown_the_same_of_what_they_see(kinds):
    [approved] = reading.products([kinds[1]])

    assert reading.visible(kinds[1]) == approved
    assert [reading.visible(pk) for pk in (kinds[0], *kinds[2:])] == [None] * 3
    assert reading.newest(before=10**9, most=5) == [approved]
    assert reading.newest(before=kinds[1], most=5) == []


def test_its_quick_json_is_that_of_the_framework(kinds):
    rows = reading.products(kinds)
    odd = {"decimal": Decimal("1.50"), "day": timezone.localdate(), "now": timezone.now()}

    assert json.loads(QuickJSONRenderer().render([*rows, odd])) == as_sent([*rows, odd])
    assert QuickJSONRenderer().render(None) == JSONRenderer().render(None)


def test_it_takes_one_query_for_any_number(kinds, django_assert_num_queries):
    with django_assert_num_queries(1):
        reading.products(kinds[:1])
    with django_assert_num_queries(1):
        reading.products(kinds)


def test_what_does_not_exist_is_left_out(kinds):
    pks = [kinds[2], 10**9, kinds[0]]

    assert [row["id"] for row in reading.products(pks)] == [kinds[2], kinds[0]]
