"""The ways in which a shop hands its orders over, and what buyers choose of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Refusal
from core.transactions import atomic
from orders.checkout import Delivery
from orders.models import DeliveryMethod
from shops.models import Shop

MAX_METHODS = 20
FREE_FROM = DeliveryMethod.Kind.FREE_FROM


class TooManyMethods(Refusal):
    code = "too_many_delivery_methods"


class BadMethod(Refusal):
    code = "bad_delivery_method"
    status = 422


class UnknownMethod(Refusal):
    code = "unknown_delivery_method"
    status = 422


class UnknownAddress(Refusal):
    code = "unknown_address"
    status = 422


@atomic
def add(shop: Shop, **details: Any) -> DeliveryMethod:
    """Offer another way; raises TooManyMethods and BadMethod."""
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    if shop.delivery_methods.count() >= MAX_METHODS:
        message = _("A shop has at most %(most)d delivery methods.") % {"most": MAX_METHODS}
        raise TooManyMethods(message)
    method = DeliveryMethod(shop=shop, **details)
    _check(method)
    method.save()
    return method


def change(method: DeliveryMethod, **details: Any) -> DeliveryMethod:
    """Write it anew; what is ordered already stays as it was. Raises BadMethod."""
    for name, value in details.items():
        setattr(method, name, value)
    _check(method)
    method.save(update_fields=details.keys())
    return method


def offered(shop_ids: Iterable[int]) -> QuerySet[DeliveryMethod]:
    """What buyers choose between at these shops."""
    return DeliveryMethod.objects.filter(shop_id__in=shop_ids, is_active=True).order_by("pk")


def chosen(user: User, methods: Mapping[int, int], address_id: int | None) -> Delivery:
    """What a buyer chose: a method's id by its shop's, and one of the own addresses.

    Raises UnknownMethod and UnknownAddress.
    """
    found = {each.shop_id: each for each in offered(methods).filter(pk__in=methods.values())}
    if {shop_id: each.pk for shop_id, each in found.items()} != dict(methods):
        raise UnknownMethod(_("The shop does not deliver like that any more. Choose again."))
    address = user.addresses.filter(pk=address_id).first() if address_id else None
    if address_id and address is None:
        raise UnknownAddress(_("There is no such address."))
    return Delivery(methods=found, address=address)


def _check(method: DeliveryMethod) -> None:
    if (method.kind == FREE_FROM) != (method.free_from is not None):
        raise BadMethod(_("Say from which amount on it is free, for that kind alone."))
