"""Every change of a stock is one line of its log, whichever way it comes."""

from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum

from billing.tests.test_ledger import at_once
from catalog.models import Product, ProductVariant
from catalog.tables import StockMovement
from catalog.variants import Offer, replace
from conftest import funded
from orders import ordering
from orders.checkout import buy_from_balance
from orders.models import Order
from orders.quotes import Wish
from orders.saying import Said
from orders.tests.offers import limited
from orders.tests.steps import completed, take
from orders.transitions import Event
from shops.tests.owners import browser_of_shop


@pytest.fixture
def variant(dress_on_sale):
    """Five pieces of the dress."""
    return limited(dress_on_sale, 5)


def lines(variant):
    rows = variant.movements.order_by("pk")
    return list(rows.values_list("reason", "stock_change", "reserved_change", "order_id"))


def moved(variant):
    """The sums of the log, which have to be what is there."""
    sums = variant.movements.aggregate(stock=Sum("stock_change"), reserved=Sum("reserved_change"))
    variant.refresh_from_db()
    assert sums == {"stock": variant.stock or 0, "reserved": variant.reserved}
    return sums


def buy(user, variant, quantity=1):
    funded(user, variant.price_now * quantity)
    return buy_from_balance(user, variant.product, quantity=quantity)


def test_an_order_that_is_kept(variant, timur):
    order = completed(buy(timur, variant, 2))

    assert lines(variant) == [
        ("corrected", 5, 0, None),
        ("ordered", 0, 2, order.pk),
        ("shipped", -2, -2, order.pk),
    ]
    assert moved(variant) == {"stock": 3, "reserved": 0}


def test_an_order_that_is_cancelled_and_one_that_comes_back(variant, timur):
    why = Said(reason="Too short")
    cancelled = take(buy(timur, variant), Event.CANCEL, said=why)
    steps = (Event.ACCEPT, Event.SHIP, Event.DELIVER, Event.REQUEST_RETURN, Event.RETURN_ACCEPT)
    returned = take(buy(timur, variant), *steps, said=why)

    assert lines(variant)[1:] == [
        ("ordered", 0, 1, cancelled.pk),
        ("cancelled", 0, -1, cancelled.pk),
        ("ordered", 0, 1, returned.pk),
        ("shipped", -1, -1, returned.pk),
        ("returned", 1, 0, returned.pk),
    ]
    assert moved(variant) == {"stock": 5, "reserved": 0}


def test_what_the_shop_counts_anew(variant, dress_on_sale):
    replace(dress_on_sale, [Offer(stock=8)])
    replace(dress_on_sale, [Offer(stock=8, price=Decimal(5))])
    replace(dress_on_sale, [Offer(stock=None)])
    replace(dress_on_sale, [Offer(stock=1)], reason=StockMovement.Reason.IMPORTED)

    assert lines(variant)[1:] == [
        ("corrected", 3, 0, None),
        ("corrected", -8, 0, None),
        ("imported", 1, 0, None),
    ]
    assert list(variant.movements.values_list("stock_after", flat=True)) == [5, 8, None, 1]
    moved(variant)


def test_pieces_that_are_not_counted_are_promised_and_shipped(dress_on_sale, timur):
    variant = dress_on_sale.variants.get()
    order = completed(buy(timur, variant))

    assert lines(variant) == [("ordered", 0, 1, order.pk), ("shipped", 0, -1, order.pk)]
    moved(variant)


def test_no_way_around_it(variant):
    """Not even for a line of SQL, and what it does is not taken for what was done before."""
    ProductVariant.objects.filter(pk=variant.pk).update(reserved=1, moved_for="ordered:7")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE product_variants SET stock = 9 WHERE id = %s", [variant.pk])

    assert lines(variant)[1:] == [("ordered", 0, 1, 7), ("corrected", 4, 0, None)]
    ProductVariant.objects.filter(pk=variant.pk).update(reserved=0)


def test_the_sums_hold_when_many_change_it_at_once(transactional_db, variant, timur, dress_on_sale):
    funded(timur, Decimal(4000))

    def act(number):
        if number == 0:
            return replace(dress_on_sale, [Offer(stock=9)])
        if number == 1:
            return ProductVariant.objects.filter(pk=variant.pk).update(stock=7)
        return ordering.order(timur, [Wish(variant.pk)])

    at_once(6, act)
    at_once(4, lambda number: take(Order.objects.order_by("pk")[number], Event.CANCEL))

    assert moved(variant)["reserved"] == 0
    assert variant.movements.filter(reason="ordered").count() == 4


def test_without_the_trigger_they_would_not(variant):
    """The negative control."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger fires
    ProductVariant.objects.filter(pk=variant.pk).update(stock=7)

    with pytest.raises(AssertionError):
        moved(variant)


def test_the_shop_reads_it_in_the_api_and_in_the_panel(variant, as_atelier, as_bazaar, timur):
    order = buy(timur, variant)
    address = f"/api/v1/shops/me/products/{variant.product_id}/movements"

    newest, first = as_atelier.get(address).json()["movements"]

    assert (newest["reason"], newest["reason_name"]) == ("ordered", "Ordered")
    assert (newest["reserved_change"], newest["order_id"]) == (1, order.pk)
    assert (first["stock_change"], first["stock_after"]) == (5, 5)
    assert as_bazaar.get(address).status_code == 404

    page = f"/panel/products/{variant.product_id}/movements/"
    shown = browser_of_shop(variant.product.shop).get(page).content.decode()
    assert f"/panel/orders/{order.pk}/" in shown
    assert "+5 → 5" in shown


def test_the_log_of_what_was_never_sold_goes_with_it(variant, dress_on_sale):
    replace(dress_on_sale, [Offer(size="M", stock=1)])

    assert not StockMovement.objects.filter(stock_change=5).exists()
    assert Product.objects.get().variants.get().movements.count() == 1
