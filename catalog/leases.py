"""Leases: of two administrators at the desk each has a product of their own, for ten minutes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product
from core.errors import Refusal

LEASE = timedelta(minutes=10)


class BeingModerated(Refusal):
    code = "being_moderated"


def take(product: Product, by: User) -> None:
    """Have the product for ten minutes from now; BeingModerated where somebody else has it."""
    now = timezone.now()
    # The condition is part of the UPDATE, so of two administrators only one gets it.
    free = Product.objects.filter(_free(by, now), pk=product.pk)
    if not free.update(leased_by=by, leased_until=now + LEASE):
        raise _taken(product)


@transaction.atomic
def take_next(by: User) -> Product | None:
    """Have the product that has waited longest and nobody looks at; None where there is none."""
    now = timezone.now()
    waiting = Product.objects.awaiting_moderation().filter(_free(by, now))
    # Those that somebody is about to take are stepped over.
    product = waiting.select_for_update(of=("self",), skip_locked=True).first()
    if product:
        Product.objects.filter(pk=product.pk).update(leased_by=by, leased_until=now + LEASE)
        product.leased_by, product.leased_until = by, now + LEASE
    return product


def release(product: Product, by: User) -> None:
    """Let others have it; nothing happens when it was not one's own."""
    Product.objects.filter(pk=product.pk, leased_by=by).update(leased_by=None, leased_until=None)


def check(product: Product, by: User) -> None:
    """BeingModerated where somebody else looks at it just now."""
    if is_taken(product, by):
        raise _taken(product)


def is_taken(product: Product, by: User) -> bool:
    """Whether somebody else looks at it just now."""
    until = product.leased_until
    return until is not None and until > timezone.now() and product.leased_by_id != by.pk


def _free(by: User, now: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lte=now) | Q(leased_by=by)


def _taken(product: Product) -> BeingModerated:
    text = _("Another administrator is just looking at “%(name)s”.")
    return BeingModerated(text % {"name": product.name})
