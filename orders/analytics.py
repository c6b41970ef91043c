"""A shop in numbers."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from billing.models import Transaction
from shops.models import Shop


def of_shop(shop: Shop) -> dict[str, Any]:
    """Products, views, try-ons and purchases of a shop, and what it has earned in KZT."""
    products = shop.products.aggregate(
        total_products=Count("pk"),
        active_products=Count("pk", filter=Q(is_active=True)),
        total_views=Coalesce(Sum("views_count"), 0),
        total_try_ons=Coalesce(Sum("try_ons_count"), 0),
        total_purchases=Coalesce(Sum("purchases_count"), 0),
    )
    pending = pending_of(shop)
    return products | {"total_revenue": released_to(shop) + pending, "pending_revenue": pending}


def pending_of(shop: Shop) -> Decimal:
    """What the shop has earned and gets when the return windows are over, in KZT."""
    return _sum(_legs(shop))


def released_to(shop: Shop) -> Decimal:
    """What the shop has earned for good, in KZT."""
    released = _sum(_legs(shop).filter(type=Transaction.Type.RELEASE))
    taken_back = Transaction.objects.filter(order__shop=shop, type=Transaction.Type.REFUND)
    from_shop = Q(shop=shop) | Q(system_account=Transaction.Account.SHOP_RECEIVABLE)
    return _sum(taken_back.filter(from_shop)) - released


def _legs(shop: Shop) -> QuerySet[Transaction]:
    account = Transaction.Account.SHOP_PENDING
    return Transaction.objects.filter(order__shop=shop, system_account=account)


def _sum(legs: QuerySet[Transaction]) -> Decimal:
    total: Decimal = legs.aggregate(total=Coalesce(Sum("amount"), Decimal(0)))["total"]
    return total
