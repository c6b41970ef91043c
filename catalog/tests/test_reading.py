"""What is read fast says exactly what ProductSerializer says of the same rows."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.utils import timezone, translation
from PIL import Image
from rest_framework.renderers import JSONRenderer

from catalog import moderation, picture_sizes, reading
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
def large_picture():
    output = BytesIO()
    Image.new("RGB", (900, 500), (200, 60, 60)).save(output, "JPEG")
    return output.getvalue()


@pytest.fixture
def kinds(atelier, bazaar, dresses, admin, picture, large_picture):
    """Products on sale, with all facts and with none."""
    rich = {"description": "Long\n«шёлк»", "characteristics": FACTS, "category": dresses}
    images = [large_picture, picture, picture]
    offered = {"offers": OFFERS, "rental_terms": TERMS, "images": images}
    full = create_product(atelier, name="Dress", price=Decimal("400.10"), **rich, **offered)
    dear = create_product(bazaar, name="Coat", price=Decimal(10**8), images=[picture])
    bare = create_product(bazaar, name="Hat", price=Decimal("0.01"))
    for product in (full, dear, bare):
        moderation.approve(product, by=admin, notes="Well done")
    picture_sizes.make(full.pk)
    counted = {"views_count": 7, "try_ons_count": 5, "purchases_count": 3}
    rated = {"rating_sum": 11, "reviews_count": 3}
    until = timezone.now() + timedelta(days=30, microseconds=1)
    Product.objects.filter(pk=bare.pk).update(rent_expires_at=until, **counted, **rated)
    bare.variants.all().delete()
    return [full.pk, dear.pk, bare.pk]


@pytest.fixture
def unseen(atelier, admin, picture):
    """A product that waits, one that was rejected, one that was hidden, one of a closed shop."""
    waiting = create_product(atelier, name="Coat", price=5, images=[picture])
    rejected = create_product(atelier, name="Shirt", price=5)
    moderation.reject(rejected, "Blurred", by=admin)
    hidden = create_product(atelier, name="Scarf", price=5)
    moderation.approve(hidden, by=admin)
    Product.objects.filter(pk=hidden.pk).update(is_active=False)
    return [waiting.pk, rejected.pk, hidden.pk]


def as_sent(rows):
    return json.loads(JSONRenderer().render(rows))


def told(fragments):
    return json.loads(QuickJSONRenderer().render(fragments))


def with_moments(rows):
    """PostgreSQL writes zeros at the end of a second's fraction, and Python none at all."""
    moments = ("created_at", "updated_at", "rent_expires_at")
    return [
        row | {name: row[name] and datetime.fromisoformat(row[name]) for name in moments}
        for row in rows
    ]


def test_it_is_what_the_serializer_says(kinds):
    rows = Product.objects.with_offers().in_bulk(kinds)
    said = as_sent(ProductSerializer([rows[pk] for pk in kinds], many=True).data)

    read = told(reading.products(kinds, None))

    assert with_moments(read) == with_moments(said)
    assert [row.keys() for row in read] == [set(ProductSerializer.Meta.fields)] * len(kinds)
    assert all(row["created_at"].endswith("+05:00") for row in read)


def test_a_picture_of_before_that_cannot_be_read_has_an_address_too(kinds):
    Product.objects.filter(pk=kinds[0]).update(picture_facts={})
    said = as_sent(ProductSerializer(Product.objects.with_offers().get(pk=kinds[0])).data)

    [read] = told(reading.products(kinds[:1], None))

    assert read["pictures"] == said["pictures"]
    assert read["images"] == said["images"] == [each["url"] for each in read["pictures"]]
    assert all(address.endswith("?v=0") for address in read["images"])


@pytest.mark.parametrize("language", ["ru", "kk", "en", "de"])
def test_it_is_told_in_the_readers_language(kinds, language):
    written = {"name_kk": "Көйлек", "description_en": "A dress, «silk»"}
    Product.objects.filter(pk=kinds[0]).update(**written)
    with translation.override(language):
        said = ProductSerializer(Product.objects.with_offers().get(pk=kinds[0])).data
        [read] = told(reading.products(kinds[:1], None))

    names = ("name", "description")
    assert [read[name] for name in names] == [said[name] for name in names]


def test_nothing_that_shoppers_do_not_see_is_read(kinds, unseen):
    assert reading.products(unseen, None) == []
    assert [reading.one(pk, None) for pk in (*unseen, 10**9, 2**70)] == [None] * (len(unseen) + 2)
    assert [each.pk for each in reading.newest(before=10**9, most=9, reader=None)] == kinds[::-1]


def test_every_way_of_reading_tells_the_same(kinds):
    [first, *_rest] = reading.products(kinds, None)

    [newest] = reading.newest(before=kinds[1], most=5, reader=None)

    assert told([reading.one(kinds[0], None).json]) == told([first])
    assert told([newest.json]) == told([first])
    assert reading.newest(before=kinds[0], most=5, reader=None) == []


def test_its_quick_json_is_that_of_the_framework():
    odd = {"decimal": Decimal("1.50"), "day": timezone.localdate(), "now": timezone.now()}

    assert json.loads(QuickJSONRenderer().render([odd])) == as_sent([odd])
    assert QuickJSONRenderer().render(None) == JSONRenderer().render(None)


def test_it_takes_one_query_for_any_number(kinds, django_assert_num_queries):
    with django_assert_num_queries(1):
        reading.products(kinds[:1], None)
    with django_assert_num_queries(1):
        reading.products(kinds, None)


def test_postgresql_plans_it_once(kinds):
    for pk in kinds * 3:
        reading.one(pk, None)

    with connection.cursor() as cursor:
        cursor.execute("SELECT custom_plans FROM pg_prepared_statements WHERE NOT from_sql")
        assert cursor.fetchall() == [(5,)]  # it makes five plans before it keeps one


def test_what_does_not_exist_is_left_out(kinds):
    shown = told(reading.products([kinds[2], 10**9, kinds[0]], None))

    assert [each["id"] for each in shown] == [kinds[2], kinds[0]]
