from typing import Any

from rest_framework import serializers


class DashboardSerializer(serializers.Serializer[Any]):
    """The platform in numbers; money in KZT."""

    total_users = serializers.IntegerField()
    total_shops = serializers.IntegerField()
    total_products = serializers.IntegerField()
    active_products = serializers.IntegerField()
    total_generations = serializers.IntegerField()
    total_orders = serializers.IntegerField()
    total_revenue = serializers.DecimalField(max_digits=14, decimal_places=2)
    pending_moderation = serializers.IntegerField()
    pending_shops = serializers.IntegerField()
    pending_reports = serializers.IntegerField()
    pending_refunds = serializers.IntegerField()
    total_user_balances = serializers.DecimalField(max_digits=14, decimal_places=2)
    total_shop_balances = serializers.DecimalField(max_digits=14, decimal_places=2)
    total_escrow = serializers.DecimalField(max_digits=14, decimal_places=2)
    total_deposits = serializers.DecimalField(max_digits=14, decimal_places=2)
    total_due_to_shops = serializers.DecimalField(max_digits=14, decimal_places=2)
