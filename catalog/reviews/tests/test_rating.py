"""The average of a product is that of the reviews that are shown, however many come at once."""

import pytest
from django.db import connection

from billing.tests.test_ledger import at_once
from catalog.reviews import reviewing
from catalog.reviews.tests.buyers import buyers
from catalog.tables import Review

AT_ONCE = 4
# Counts what is there instead of adding what has changed, and does not hurry.
NAIVE = """
CREATE OR REPLACE FUNCTION count_review() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  counted bigint;
  summed bigint;
BEGIN
  SELECT count(*), coalesce(sum(rating), 0) INTO counted, summed
    FROM reviews WHERE product_id = NEW.product_id;
  PERFORM pg_sleep(0.1);
  UPDATE products SET reviews_count = counted, rating_sum = summed WHERE id = NEW.product_id;
  RETURN NULL;
END $$
"""


def told(product):
    product.refresh_from_db()
    return product.reviews_count, product.rating_sum


def test_products_and_statistics_say_it(anyone, dress_on_sale):
    for person, rating in zip(buyers(3, dress_on_sale), (5, 5, 3), strict=True):
        reviewing.write(person, dress_on_sale.pk, rating=rating)

    product = anyone.get(f"/api/v1/products/{dress_on_sale.pk}").json()
    assert (product["rating"], product["reviews_count"]) == (4.33, 3)
    [listed] = anyone.get("/api/v1/products").json()["products"]
    assert (listed["rating"], listed["reviews_count"]) == (4.33, 3)
    assert anyone.get(f"/api/v1/products/{dress_on_sale.pk}/reviews/stats").json() == {
        "product_id": dress_on_sale.pk,
        "total_reviews": 3,
        "average_rating": 4.33,
        "rating_distribution": {"5": 2, "4": 0, "3": 1, "2": 0, "1": 0},
    }


def test_without_reviews_there_is_no_average(anyone, dress_on_sale):
    stats = anyone.get(f"/api/v1/products/{dress_on_sale.pk}/reviews/stats").json()

    assert (stats["total_reviews"], stats["average_rating"]) == (0, None)
    assert anyone.get(f"/api/v1/products/{dress_on_sale.pk}").json()["rating"] is None


def test_every_change_counts(dress_on_sale):
    [person] = buyers(1, dress_on_sale)
    review = reviewing.write(person, dress_on_sale.pk, rating=5)
    assert told(dress_on_sale) == (1, 5)

    reviewing.change(review, rating=2)
    assert told(dress_on_sale) == (1, 2)
    reviewing.hide(review, "Rude")
    assert told(dress_on_sale) == (0, 0)
    reviewing.change(review, rating=4)
    assert told(dress_on_sale) == (0, 0)
    reviewing.show(review)
    assert told(dress_on_sale) == (1, 4)
    reviewing.take_back(review)
    assert told(dress_on_sale) == (0, 0)


@pytest.fixture
def crowd(transactional_db, dress_on_sale):
    return list(buyers(AT_ONCE, dress_on_sale))


def insert(person, product, rating):
    """As whoever forgot to hold the product first would."""
    Review.objects.create(user=person, product=product, rating=rating)


def test_none_is_lost_when_many_come_at_once(crowd, dress_on_sale):
    at_once(AT_ONCE, lambda number: insert(crowd[number], dress_on_sale, number + 1))
    assert told(dress_on_sale) == (AT_ONCE, sum(range(1, AT_ONCE + 1)))

    reviews = list(Review.objects.order_by("pk"))
    at_once(AT_ONCE, lambda number: reviewing.change(reviews[number], rating=5))
    assert told(dress_on_sale) == (AT_ONCE, 5 * AT_ONCE)


def test_a_naive_count_would_lose_some(crowd, dress_on_sale):
    """The negative control."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('count_review'::regproc)")
        [kept] = cursor.fetchone()
        cursor.execute(NAIVE)
    try:
        at_once(AT_ONCE, lambda number: insert(crowd[number], dress_on_sale, 5))
        assert told(dress_on_sale)[0] < AT_ONCE
    finally:
        with connection.cursor() as cursor:
            cursor.execute(kept)
