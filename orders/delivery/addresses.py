"""Where people let things be sent to. One of a person's addresses is the one used unless told."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Refusal
from core.transactions import atomic
from orders.models import DeliveryAddress

MAX_ADDRESSES = 20


class TooManyAddresses(Refusal):
    code = "too_many_addresses"


@atomic
def add(user: User, **details: Any) -> DeliveryAddress:
    """Keep another address; the first is the default. Raises TooManyAddresses."""
    known = _held(user)
    if known.count() >= MAX_ADDRESSES:
        message = _("You can keep at most %(most)d addresses.") % {"most": MAX_ADDRESSES}
        raise TooManyAddresses(message)
    wants_default = details.pop("is_default", False) or not known.exists()
    address = DeliveryAddress.objects.create(user=user, **details)
    return _as_default(address) if wants_default else address


@atomic
def change(address: DeliveryAddress, **details: Any) -> DeliveryAddress:
    """Write an address anew; a default stays one until another becomes it."""
    _held(address.user)
    wants_default = details.pop("is_default", False)
    for name, value in details.items():
        setattr(address, name, value)
    address.save(update_fields=details.keys())
    return _as_default(address) if wants_default else address


@atomic
def remove(address: DeliveryAddress) -> None:
    """Forget an address; the newest of the others becomes the default in its place."""
    others = _held(address.user).exclude(pk=address.pk).order_by("-pk")
    address.delete()
    newest = others.first()
    if newest and not others.filter(is_default=True).exists():
        _as_default(newest)


def _held(user: User) -> QuerySet[DeliveryAddress]:
    """The person's addresses, which nobody else changes until the transaction ends."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    return DeliveryAddress.objects.filter(user=user)


def _as_default(address: DeliveryAddress) -> DeliveryAddress:
    DeliveryAddress.objects.filter(user=address.user, is_default=True).update(is_default=False)
    address.is_default = True
    address.save(update_fields=["is_default"])
    return address
