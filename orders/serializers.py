from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core import storage
from orders import transitions
from orders.models import ConditionPhoto, Order, OrderEvent, OrderItem
from orders.models.kinds import Actor


class NextActionSerializer(serializers.Serializer[Any]):
    """A step that may be taken now: until when, what it does, and what has to be said with it."""

    action = serializers.ChoiceField(list(transitions.Event))
    until = serializers.DateTimeField(allow_null=True)
    effect = serializers.CharField()
    needs = serializers.ListField(child=serializers.CharField())


class OrderItemSerializer(serializers.ModelSerializer):
    subtotal = serializers.SerializerMethodField()

    class Meta:
        model = OrderItem
        fields = [
            "id",
            "product_id",
            "variant_id",
            "product_name",
            "size",
            "colour",
            "quantity",
            "price_at_purchase",
            "subtotal",
            "deposit_amount",
            "returnable",
        ]

    @extend_schema_field(serializers.DecimalField(max_digits=14, decimal_places=2))
    def get_subtotal(self, item: OrderItem) -> Any:
        return item.price_at_purchase * item.quantity


class OrderEventSerializer(serializers.ModelSerializer):
    """One step that was taken, by whom, and what was said with it."""

    class Meta:
        model = OrderEvent
        fields = ["event", "from_stage", "to_stage", "actor", "note", "created_at"]


class OrderSerializer(serializers.ModelSerializer):
    """An order; money in KZT. `next_actions` are those of the reader, named in the context."""

    order_number = serializers.CharField(read_only=True)
    product_name = serializers.CharField(source="product.name", read_only=True)
    shop_name = serializers.CharField(source="shop.shop_name", read_only=True)
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
            "checkout_id",
            "order_type",
            "status",
            "stage",
            "stage_since",
            "payment_method",
            "items_amount",
            "delivery_amount",
            "total_amount",
            "deposit_amount",
            "late_fee_amount",
            "claim_amount",
            "quantity",
            "rental_start_date",
            "rental_end_date",
            "delivery_name",
            "delivery_address",
            "tracking_number",
            "items",
            "next_actions",
            "paid_at",
            "delivered_at",
            "handed_over_at",
            "handover_confirmed_at",
            "sent_back_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    @extend_schema_field(NextActionSerializer(many=True))
    def get_next_actions(self, order: Order) -> list[dict[str, Any]]:
        return next_actions(order, self.context.get("actor", Actor.USER))


class ConditionPhotoSerializer(serializers.ModelSerializer):
    """How a rented thing looked at the handover or the return; `url` opens for 15 minutes."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = ConditionPhoto
        fields = ["moment", "url", "created_at"]

    def get_url(self, photo: ConditionPhoto) -> str:
        return storage.signed_url(photo.name)


class OrderDetailSerializer(OrderSerializer):
    """An order with its photos, and every step that was taken."""

    photos = serializers.SerializerMethodField()
    events = OrderEventSerializer(many=True, read_only=True)

    class Meta(OrderSerializer.Meta):
        fields = [*OrderSerializer.Meta.fields, "photos", "events"]
        read_only_fields = fields

    @extend_schema_field(ConditionPhotoSerializer(many=True))
    def get_photos(self, order: Order) -> Any:
        return ConditionPhotoSerializer(order.photos.order_by("pk"), many=True).data


class AnalyticsSerializer(serializers.Serializer[Any]):
    """A shop in numbers; money in KZT, `pending_revenue` waits for the end of return windows."""

    total_products = serializers.IntegerField()
    active_products = serializers.IntegerField()
    total_views = serializers.IntegerField()
    total_try_ons = serializers.IntegerField()
    total_purchases = serializers.IntegerField()
    total_revenue = serializers.DecimalField(max_digits=14, decimal_places=2)
    pending_revenue = serializers.DecimalField(max_digits=14, decimal_places=2)


def next_actions(order: Order, actor: Actor) -> list[dict[str, Any]]:
    """What this actor may do with the order now, as JSON."""
    return [
        {
            "action": step.event.value,
            "until": step.actors[actor].closes_at(order),
            "effect": str(step.effect),
            "needs": list(step.needs),
        }
        for step in transitions.allowed(order, actor)
    ]
