from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.models import Category
from catalog.variants import Offer, replace
from orders.checkout import buy_from_balance
from orders.models import RentalBooking

TERMS = {"price_per_day": 500, "min_days": 2, "max_days": 5, "buffer_days": 1}
START = date(2030, 5, 10)


@pytest.fixture
def names(anyone):
    def ask(**asked):
        response = anyone.get("/api/v1/products", asked)
        assert response.status_code == 200, response.content
        return {product["name"] for product in response.json()["products"]}

    return ask


def period(start, days):
    return {"rentable_from": start, "rentable_to": start + timedelta(days=days - 1)}


def test_one_variant_has_to_be_all_that_is_asked_for(names, sells):
    sells("A", offers=[Offer(size="S", colour="red"), Offer(size="M", colour="blue")])
    sells("B", offers=[Offer(size="M", colour="Red", stock=0)])

    assert names(size="m") == {"A", "B"}
    assert names(size="S,M", color="red") == {"A", "B"}
    assert names(size="M", color="red") == {"B"}
    assert names(size="M", color="red", in_stock="true") == set()
    assert names(in_stock="true") == {"A"}
    assert names(size="XL") == set()


def test_a_variant_that_is_not_offered_does_not_count(names, sells):
    product = sells("A", offers=[Offer(size="S"), Offer(size="M")])
    replace(product, [Offer(size="S"), Offer(size="M", is_active=False)])

    assert names(size="M") == set()


def test_what_is_promised_to_orders_is_not_in_stock(names, sells, aigerim):
    product = sells("A", offers=[Offer(stock=1)])
    assert names(in_stock="true") == {"A"}

    buy_from_balance(aigerim, product)

    assert names(in_stock="true") == set()


def test_a_category_has_the_products_of_its_parts(names, sells, dresses):
    part = Category.objects.create(
        slug="evening", name_ru="Вечерние", name_kk="Кешкі", name_en="Evening", parent=dresses
    )
    sells("A", category="evening")
    sells("B")

    assert names(category=dresses.pk) == {"A", "B"}
    assert names(category=part.pk) == {"A"}


def test_only_what_may_be_rented_for_so_many_days_is_rentable(names, sells):
    sells("A", offers=[Offer(rental_units=1)], rental_terms=TERMS)
    sells("B", offers=[Offer(rental_units=0)], rental_terms=TERMS)
    sells("C")

    assert names(**period(START, 2)) == names(**period(START, 5)) == {"A"}
    assert names(**period(START, 1)) == names(**period(START, 6)) == set()


def test_a_piece_that_somebody_has_is_not_rentable_nor_while_it_is_cleaned(names, sells, aigerim):
    product = sells("A", offers=[Offer(rental_units=1)], rental_terms=TERMS)
    booking = RentalBooking.objects.create(
        variant=product.variants.get(),
        unit=1,
        order=buy_from_balance(aigerim, product),
        period=DateRange(START, START + timedelta(days=4)),
    )

    assert names(**period(START + timedelta(days=3), 2)) == set()
    assert names(**period(START + timedelta(days=4), 2)) == {"A"}
    assert names(**period(START - timedelta(days=2), 2)) == set()  # its cleaning ends too late
    assert names(**period(START - timedelta(days=3), 2)) == {"A"}

    product.variants.update(rental_units=2)
    assert names(**period(START, 2)) == {"A"}

    product.variants.update(rental_units=1)
    RentalBooking.objects.filter(pk=booking.pk).update(status="cancelled")
    assert names(**period(START, 2)) == {"A"}


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"rentable_from": "2030-05-10"}, "rentable_to"),
        ({"rentable_to": "2030-05-10"}, "rentable_from"),
        ({"rentable_from": "2030-05-10", "rentable_to": "2030-05-09"}, "rentable_to"),
        ({"rentable_from": "soon", "rentable_to": "2030-05-09"}, "rentable_from"),
    ],
)
def test_half_a_period_is_refused_by_name(anyone, db, asked, pointer):
    response = anyone.get("/api/v1/products", asked)

    assert response.status_code == 422
    assert pointer in response.content.decode()
