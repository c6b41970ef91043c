"""Browsers of shop owners, for tests of the pages."""

from django.test import Client

from accounts.models import User
from conftest import browser_of
from shops.models import Shop

__all__ = ["browser_of", "browser_of_shop"]


def browser_of_shop(shop: Shop) -> Client:
    """The owner of a shop is a person with the same Google account."""
    user, _ = User.objects.get_or_create(
        google_id=shop.google_id, defaults={"email": shop.email, "name": "Madina"}
    )
    return browser_of(user)
