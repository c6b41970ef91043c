"""Things on sale and for rent, as a shop offers them."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from catalog import moderation, variants
from catalog.products import create_product
from catalog.variants import Offer

TERMS = {"price_per_day": Decimal(50), "deposit": Decimal(200)}


def offered(shop, name, price, *offers, terms=None):
    """A product on sale, in these variants."""
    product = create_product(
        shop, name=name, price=Decimal(price), offers=offers or (Offer(),), rental_terms=terms
    )
    moderation.approve(product, by=User.objects.get_or_create(**MODERATOR)[0])
    return product


def limited(product, stock, *, units=0):
    """The product's one variant, of which there are so many."""
    variants.replace(product, [Offer(stock=stock, rental_units=units)])
    return product.variants.get()


def day(number):
    """So many days from today."""
    return timezone.localdate() + timedelta(days=number)


MODERATOR = {"google_id": "g-m", "email": "m@example.kz", "role": User.Role.ADMIN}
