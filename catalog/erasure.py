"""Forgetting a person: what they have put aside and said about products."""

from accounts.models import User
from catalog import events
from catalog.models import Product
from realtime import reading


def hold(user: User) -> None:
    """Lock the products whose reviews change, before anybody's account, as orders do."""
    reviewed = Product.objects.filter(reviews__user=user).order_by("pk")
    list(reviewed.select_for_update(of=("self",), no_key=True))


def erase(user: User) -> None:
    """Forget all of it; the files are the caller's to remove."""
    user.favourites.all().delete()
    user.alerts.all().delete()
    user.product_reports.all().delete()
    user.reviews.all().delete()
    reading.forget_said_by(user.pk, events.REVIEW_CREATED)
