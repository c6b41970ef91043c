from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from orders import transitions
from orders.models import MAX_QUANTITY, Order, OrderItem
from orders.transitions import Actor


class NextActionSerializer(serializers.Serializer[Any]):
    action = serializers.ChoiceField(list(transitions.Action))


class OrderItemSerializer(serializers.ModelSerializer):
    subtotal = serializers.SerializerMethodField()

    class Meta:
        model = OrderItem
        fields = ["id", "product_id", "product_name", "quantity", "price_at_purchase", "subtotal"]

    @extend_schema_field(serializers.DecimalField(max_digits=14, decimal_places=2))
    def get_subtotal(self, item: OrderItem) -> Any:
        return item.price_at_purchase * item.quantity


class OrderSerializer(serializers.ModelSerializer):
    """An order; money in KZT. `next_actions` are those of the reader, named in the context."""

    order_number = serializers.CharField(read_only=True)
    product_name = serializers.CharField(source="product.name", read_only=True)
    shop_name = serializers.CharField(source="shop.shop_name", read_only=True)
    payment_method = serializers.SerializerMethodField()
    items = OrderItemSerializer(many=True, read_only=True)
    next_actions = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields = [
            "id",
            "order_number",
            "user_id",
            "shop_id",
            "shop_name",
            "product_id",
            "product_name",
            "order_type",
            "status",
            "payment_method",
            "total_amount",
            "quantity",
            "rental_start_date",
            "rental_end_date",
            "items",
            "next_actions",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_payment_method(self, order: Order) -> str:
        return "balance"

    @extend_schema_field(NextActionSerializer(many=True))
    def get_next_actions(self, order: Order) -> list[dict[str, str]]:
        return next_actions(order, self.context.get("actor", Actor.USER))


class PurchaseSerializer(serializers.Serializer[Any]):
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY, default=1)


class AnalyticsSerializer(serializers.Serializer[Any]):
    """A shop in numbers; `total_revenue` in KZT."""

    total_products = serializers.IntegerField()
    active_products = serializers.IntegerField()
    total_views = serializers.IntegerField()
    total_try_ons = serializers.IntegerField()
    total_purchases = serializers.IntegerField()
    total_revenue = serializers.DecimalField(max_digits=14, decimal_places=2)


def next_actions(order: Order, actor: Actor) -> list[dict[str, str]]:
    return [{"action": action.value} for action in transitions.allowed(order, actor)]
