"""A rental has a first and a last day; the database takes no half of a period."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from orders.models import Cart, CartItem, Order

DAY = date(2026, 12, 1)


@pytest.mark.parametrize("half", [{"rental_start_date": DAY}, {"rental_end_date": DAY}])
def test_half_a_period_is_refused(aigerim, atelier, dress_on_sale, half):
    cart = Cart.objects.create(user=aigerim)
    money = {"items_amount": 5, "total_amount": 5}

    with pytest.raises(IntegrityError), transaction.atomic():
        CartItem.objects.create(cart=cart, variant=dress_on_sale.variants.get(), **half)
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.create(
            user=aigerim,
            shop=atelier,
            product=dress_on_sale,
            order_type="rental",
            **money,
            **half,
        )
