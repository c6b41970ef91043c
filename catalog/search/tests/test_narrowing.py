"""A search is narrowed, counted and sorted, and never shows what is hidden."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import RentalTerms
from catalog.variants import Offer

FACETS = "/api/v1/products/facets"


@pytest.fixture
def dresses_on_sale(sells):
    cheap = sells("Платье простое", price=Decimal(900), offers=[Offer(size="M", colour="Red")])
    dear = sells(
        "Платье вечернее",
        price=Decimal(60_000),
        offers=[Offer(size="M", colour="Blue", stock=0), Offer(size="S", colour="Red")],
    )
    return cheap, dear


@pytest.mark.parametrize(
    ("narrowed", "names"),
    [
        ({"size": "M"}, {"Платье простое", "Платье вечернее"}),
        ({"size": "m", "color": "red"}, {"Платье простое"}),
        ({"size": "S,XL"}, {"Платье вечернее"}),
        ({"size": "M", "in_stock": "true"}, {"Платье простое"}),
        ({"price_min": 1000}, {"Платье вечернее"}),
    ],
)
def test_one_variant_has_to_be_all_that_is_asked(found, dresses_on_sale, narrowed, names):
    assert set(found("платье", **narrowed)) == names


def test_cheap_or_dear_ones_come_first(found, dresses_on_sale):
    assert found("платье", sort="price") == ["Платье простое", "Платье вечернее"]
    assert found("платье", sort="-price") == ["Платье вечернее", "Платье простое"]


def test_facets_count_what_the_same_question_finds(anyone, dresses_on_sale, dresses):
    told = anyone.get(FACETS, {"q": "платье"}).json()

    assert told["total"] == 2
    assert told["categories"] == [{"id": dresses.pk, "name": str(dresses), "count": 2}]
    assert told["sizes"] == [{"value": "M", "count": 2}, {"value": "S", "count": 1}]
    assert told["colors"] == [{"value": "red", "count": 2}, {"value": "blue", "count": 1}]
    assert [(each["price_min"], each["count"]) for each in told["prices"]] == [(0, 1), (50_000, 1)]
    assert anyone.get(FACETS, {"q": "платье", "size": "S"}).json()["total"] == 1


def test_what_is_hidden_is_neither_found_nor_counted_nor_suggested(anyone, found, dresses_on_sale):
    for product in dresses_on_sale:
        type(product).objects.filter(pk=product.pk).update(is_active=False)

    assert found("платье") == []
    assert anyone.get(FACETS, {"q": "платье"}).json()["total"] == 0
    similar = anyone.get(f"/api/v1/products/{dresses_on_sale[0].pk}/similar")
    assert similar.status_code == 404


def test_words_are_completed_while_typing(anyone, dresses_on_sale):
    told = anyone.get("/api/v1/products/suggest", {"q": "платье веч"}).json()

    assert told["suggestions"] == ["платье вечернее"]


def test_similar_products_are_others_of_the_category(anyone, dresses_on_sale, sells):
    sells("Шапка", category="hats")
    cheap, dear = dresses_on_sale

    told = anyone.get(f"/api/v1/products/{cheap.pk}/similar").json()

    assert [product["id"] for product in told["products"]] == [dear.pk]


def test_only_what_is_free_on_the_days_can_be_rented(found, sells):
    gown = sells("Платье напрокат", offers=[Offer(rental_units=1)])
    sells("Платье на продажу")
    RentalTerms.objects.create(product=gown, price_per_day=Decimal(100))
    start = timezone.localdate() + timedelta(days=3)
    days = {"rentable_from": start, "rentable_to": start + timedelta(days=2)}

    assert found("платье", **days) == ["Платье напрокат"]


def test_half_of_the_days_of_a_rental_is_refused(anyone):
    response = anyone.get("/api/v1/products", {"rentable_from": "2030-01-01"})

    assert response.status_code == 422
    assert "rentable_to" in str(response.json()["errors"])
