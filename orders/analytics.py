"""A shop in numbers."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
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
    sales = shop.transactions.filter(type=Transaction.Type.SALE)
    earned = sales.aggregate(total_revenue=Coalesce(Sum("amount"), Decimal(0)))
    return products | earned
