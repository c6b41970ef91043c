"""The platform in numbers, for the API and the admin's first page."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from billing.models import Transaction
from catalog.models import Product, waiting_for_moderation
from catalog.reports import reporting
from generations.models import Generation
from orders.models import Order
from shops.models import Shop

BALANCES = Coalesce(Sum("balance"), Decimal(0))
Account = Transaction.Account
EARNED = Q(system_account__in=[Account.GENERATION_REVENUE, Account.COMMISSION])


def numbers() -> dict[str, Any]:
    """Counts, and money in KZT. `total_revenue` is what the platform itself has earned."""
    users = User.objects.aggregate(total_users=Count("pk"), total_user_balances=BALANCES)
    shops = Shop.objects.aggregate(
        total_shops=Count("pk"),
        pending_shops=Count("pk", filter=Q(is_approved=False, rejection_reason="")),
        total_shop_balances=BALANCES,
    )
    products = Product.objects.aggregate(
        total_products=Count("pk"),
        active_products=Count("pk", filter=Q(is_active=True)),
    )
    money = Transaction.objects.exclude(system_account=None).aggregate(
        total_revenue=_sum(EARNED),
        total_escrow=_sum(Q(system_account=Account.ESCROW)),
        total_deposits=_sum(Q(system_account=Account.DEPOSIT)),
        total_due_to_shops=_sum(Q(system_account=Account.SHOP_PENDING)),
    )
    return {
        **users,
        **shops,
        **products,
        "pending_moderation": waiting_for_moderation(),
        **money,
        "pending_reports": reporting.waiting(),
        "total_generations": Generation.objects.count(),
        "total_orders": Order.objects.count(),
        "pending_refunds": Order.objects.awaiting_decision().count(),
    }


def _sum(condition: Q) -> Coalesce:
    return Coalesce(Sum("amount", filter=condition), Decimal(0))
