"""Browsers of signed-in people, for tests of the pages."""

from django.test import Client

from accounts.models import User
from shops.models import Shop

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def browser_of_shop(shop: Shop) -> Client:
    """The owner of a shop is a person with the same Google account."""
    user, _ = User.objects.get_or_create(
        google_id=shop.google_id, defaults={"email": shop.email, "name": "Madina"}
    )
    return browser_of(user)
