"""Shops pay for approvals and for being shown where the platform says so, and else do not."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing.models import Posting
from billing.tests.shops_with_money import earned
from billing.tests.test_ledger import at_once
from catalog import listing_fees, moderation
from catalog.models import Product
from catalog.products import ProductGone, delete_product, update_product
from conftest import with_setting

DAY = timedelta(days=1)


def fees():
    kinds = ("approval_fee", "product_rent")
    return list(Posting.objects.filter(type__in=kinds).order_by("pk").values_list("key", flat=True))


def balance(shop):
    shop.refresh_from_db()
    return shop.balance


def shown_until(product, moment):
    Product.objects.filter(pk=product.pk).update(rent_expires_at=moment)
    product.refresh_from_db()
    return product


def test_by_default_an_approval_costs_nothing(dress, admin, atelier):
    moderation.approve(dress, by=admin)

    assert fees() == []
    assert balance(atelier) == 0


def test_an_approval_costs_the_fee_each_time(dress, admin, atelier, published):
    with_setting("shop_approval_fee", "5.50")
    earned(atelier, 100)

    with published() as events:
        moderation.approve(dress, by=admin)
    moderation.take_down(dress, "Odd", by=admin)
    update_product(dress, name="Another name")
    moderation.approve(dress, by=admin)

    assert fees() == [f"product:{dress.pk}:approval_fee:{number}" for number in (1, 2)]
    assert balance(atelier) == Decimal("89.00")
    assert ("balance_updated", 94.5) in [(kind, data.get("balance")) for _, kind, data in events]


def test_a_revision_costs_nothing(dress_on_sale, admin, atelier):
    with_setting("shop_approval_fee", "5")
    update_product(dress_on_sale, name="Another name")

    moderation.approve(dress_on_sale, by=admin)

    assert Product.objects.get().name == "Another name"
    assert fees() == []


def test_a_shop_without_the_money_is_not_approved(dress, as_admin, atelier, published):
    with_setting("shop_approval_fee", "5")
    earned(atelier, "4.99")

    with published() as events:
        response = as_admin.post(f"/api/v1/admin/products/{dress.pk}/approve")

    assert (response.status_code, response.json()["code"]) == (402, "insufficient_funds")
    assert "5.00 ₸" in response.json()["detail"]
    dress.refresh_from_db()
    assert (dress.moderation_status, dress.is_active) == ("pending", False)
    assert balance(atelier) == Decimal("4.99")
    assert events == []


def test_a_rejection_costs_nothing(dress, admin, atelier):
    with_setting("shop_approval_fee", "5")

    moderation.reject(dress, "The pictures are blurry.", by=admin)

    assert fees() == []


def test_by_default_there_is_nothing_to_pay_for(dress_on_sale, atelier):
    earned(atelier, 1000)

    with pytest.raises(listing_fees.ShownForFree):
        listing_fees.pay(dress_on_sale, 1)
    assert balance(atelier) == 1000


def test_paid_months_begin_when_those_paid_before_end(dress_on_sale, atelier):
    with_setting("shop_product_rent_price", "10")
    earned(atelier, 100)

    first = listing_fees.pay(dress_on_sale, 1).product.rent_expires_at
    second = listing_fees.pay(dress_on_sale, 3).product.rent_expires_at

    assert abs(first - timezone.now() - 30 * DAY) < timedelta(minutes=1)
    assert second - first == 90 * DAY
    assert fees() == [f"product:{dress_on_sale.pk}:rent:{number}" for number in (1, 2)]
    assert balance(atelier) == 60


@pytest.mark.parametrize("months", [0, 1, 13, -1])
def test_a_period_has_bounds(dress_on_sale, atelier, months):
    with_setting("shop_product_rent_price", "10")
    with_setting("shop_min_rent_months", "2")
    earned(atelier, 1000)

    with pytest.raises(listing_fees.BadPeriod):
        listing_fees.pay(dress_on_sale, months)
    assert balance(atelier) == 1000


def test_without_the_money_nothing_is_paid(dress_on_sale, atelier):
    with_setting("shop_product_rent_price", "10")

    with pytest.raises(listing_fees.ShopLacksMoney, match=r"10\.00 ₸"):
        listing_fees.pay(dress_on_sale, 1)
    dress_on_sale.refresh_from_db()
    assert dress_on_sale.rent_expires_at is None


def test_what_was_deleted_is_not_paid_for(dress_on_sale, atelier):
    with_setting("shop_product_rent_price", "10")
    earned(atelier, 100)
    gone = Product.objects.get(pk=dress_on_sale.pk)
    delete_product(dress_on_sale)

    with pytest.raises(ProductGone):
        listing_fees.pay(gone, 1)
    assert balance(atelier) == 100


def test_at_night_what_is_not_paid_any_more_is_hidden(dress_on_sale, atelier, anyone):
    with_setting("shop_product_rent_price", "10")
    now = timezone.now()
    kept = [
        Product.objects.create(
            shop=atelier, name="Coat", price=1, moderation_status="approved", is_active=True
        )
        for _ in range(2)
    ]
    shown_until(kept[0], now + DAY)  # the other one has never been paid for
    shown_until(dress_on_sale, now - DAY)

    assert listing_fees.hide_unpaid() == 1

    shown = anyone.get("/api/v1/products").json()["products"]
    assert {each["id"] for each in shown} == {product.pk for product in kept}


def test_nothing_is_hidden_while_showing_is_free(dress_on_sale):
    shown_until(dress_on_sale, timezone.now() - DAY)

    assert listing_fees.hide_unpaid() == 0


def test_paying_shows_again_what_was_hidden(dress_on_sale, atelier):
    with_setting("shop_product_rent_price", "10")
    earned(atelier, 100)
    shown_until(dress_on_sale, timezone.now() - DAY)
    listing_fees.hide_unpaid()

    paid = listing_fees.pay(dress_on_sale, 1).product

    assert paid.is_active
    assert paid.rent_expires_at > timezone.now() + 29 * DAY


def test_paying_shows_nothing_that_is_not_approved(dress, atelier):
    with_setting("shop_product_rent_price", "10")
    earned(atelier, 100)
    shown_until(dress, timezone.now() - DAY)

    assert not listing_fees.pay(dress, 1).product.is_active


@pytest.mark.django_db(transaction=True)
def test_of_two_payments_at_once_neither_is_lost(dress_on_sale, atelier):
    with_setting("shop_product_rent_price", "10")
    earned(atelier, 100)
    before = timezone.now()

    assert at_once(4, lambda _: listing_fees.pay(dress_on_sale, 1)) == ["Receipt"] * 4

    dress_on_sale.refresh_from_db()
    assert balance(atelier) == 60
    assert dress_on_sale.rent_expires_at - before > 120 * DAY - timedelta(minutes=1)
