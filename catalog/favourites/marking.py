"""Which products their reader has put aside."""

from rest_framework.request import Request

from accounts.models import User
from catalog.models import ProductQuerySet


def marked(request: Request, products: ProductQuerySet) -> ProductQuerySet:
    """The products, each with `is_favorite` if a person asks; it takes no further query."""
    reader = request.user
    return products.with_favourites_of(reader.pk) if isinstance(reader, User) else products
