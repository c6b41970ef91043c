"""Putting products aside, and taking them back. Twice is once."""

from django.db import transaction

from accounts.models import User
from catalog.models import Product
from catalog.products import held_on_sale
from catalog.tables import Favourite


@transaction.atomic
def add(user: User, product_id: int) -> None:
    """Put a product on sale aside; raises ProductGone for any other."""
    product: Product = held_on_sale(product_id)
    Favourite.objects.bulk_create([Favourite(user=user, product=product)], ignore_conflicts=True)


def remove(user: User, product_id: int) -> None:
    """Put it aside no longer."""
    user.favourites.filter(product_id=product_id).delete()
