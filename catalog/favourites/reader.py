"""Whose favourites a request's answer tells of."""

from rest_framework.request import Request

from accounts.models import User


def reader_of(request: Request) -> int | None:
    """The key of the person who asks; None where nobody has favourites."""
    return request.user.pk if isinstance(request.user, User) else None
