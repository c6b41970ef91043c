"""Rented things: products with terms and pieces, and bookings of them."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from catalog.models import RentalTerms
from orders import checkout, fulfilment
from orders.models import Order
from orders.quotes import Wish
from orders.saying import Said

DAY = timedelta(days=1)


def for_rent(product, *, units=1, **terms):
    """The product, for rent at 100 ₸ a day with a deposit of 300 ₸."""
    asked = {"price_per_day": Decimal(100), "deposit": Decimal(300), **terms}
    RentalTerms.objects.create(product=product, **asked)
    product.variants.update(rental_units=units)
    return product


def booked(user, product, *, start=None, days=3, quantity=1):
    """An order of the product's first variant from `start` (today) on, paid from the balance."""
    first = start or timezone.localdate()
    wish = Wish(product.variants.get().pk, quantity, first, first + (days - 1) * DAY)
    [order] = checkout.pay_from_balance(checkout.place(user, [wish]))
    return order


def overdue(order, *, days=16):
    """The rental as if it had ended so long ago, and the timer had seen it."""
    past = (days + 1) * DAY + (order.rental_end_date - timezone.localdate())
    Order.objects.filter(pk=order.pk).update(
        rental_start_date=order.rental_start_date - past,
        rental_end_date=order.rental_end_date - past,
        next_due_at=timezone.now(),
    )
    fulfilment.take_due_steps()
    order.refresh_from_db()
    return order


def photographed(picture, **more):
    return Said(photos=[picture], **more)
