"""Forgetting a person: what they have put aside and said about products."""

from accounts.models import User


def erase(user: User) -> None:
    user.favourites.all().delete()
