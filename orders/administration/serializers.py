from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User
from orders import refund_requests
from orders.models import Order, OrderEvent
from orders.refunds import Destination
from orders.saying import NOTE_MAX
from orders.serializers import OrderDetailSerializer, OrderSerializer

ACTIONS = ["approve", "reject"]


class OrderForAdminSerializer(OrderSerializer):
    """An order with what only administrators see."""

    user_name = serializers.CharField(source="user.name", read_only=True)
    user_email = serializers.CharField(source="user.email", read_only=True)

    class Meta(OrderSerializer.Meta):
        fields = [*OrderSerializer.Meta.fields, "commission_amount", "user_name", "user_email"]
        read_only_fields = fields


class OrderDetailForAdminSerializer(OrderDetailSerializer):
    class Meta(OrderDetailSerializer.Meta):
        fields = [*OrderDetailSerializer.Meta.fields, "commission_amount"]
        read_only_fields = fields


class BuyerSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "email", "name", "balance"]
        read_only_fields = fields


class OrderAndBuyerSerializer(serializers.Serializer[Order]):
    order = OrderDetailForAdminSerializer(source="*")
    user = BuyerSerializer()


class RefundSerializer(serializers.ModelSerializer):
    """A request for money back; `amount` in KZT is what is asked, or what came back."""

    transaction_id = serializers.IntegerField(allow_null=True)
    user_id = serializers.IntegerField(source="order.user_id")
    order_number = serializers.CharField(source="order.order_number")
    amount = serializers.SerializerMethodField()
    reason = serializers.CharField(source="note")
    status = serializers.SerializerMethodField()
    admin_notes = serializers.CharField(source="decision_note", allow_null=True)
    processed_at = serializers.DateTimeField(source="decided_at", allow_null=True)

    class Meta:
        model = OrderEvent
        fields = [
            "id",
            "order_id",
            "order_number",
            "transaction_id",
            "user_id",
            "amount",
            "reason",
            "status",
            "admin_notes",
            "created_at",
            "processed_at",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.DecimalField(max_digits=14, decimal_places=2))
    def get_amount(self, request: OrderEvent) -> Any:
        return refund_requests.amount_of(request)

    @extend_schema_field(serializers.ChoiceField(refund_requests.Status.choices))
    def get_status(self, request: OrderEvent) -> str:
        return refund_requests.status_of(request)


class RefundDecisionSerializer(serializers.Serializer[Any]):
    """`share` is what the buyer gets of what is asked: above 0 and below 1; else all of it."""

    action = serializers.ChoiceField(ACTIONS)
    admin_notes = serializers.CharField(required=False, allow_blank=True, max_length=NOTE_MAX)
    share = serializers.DecimalField(required=False, max_digits=5, decimal_places=4)
    destination = serializers.ChoiceField(Destination.choices, default=Destination.BALANCE)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["action"] == "reject":
            if not attrs.get("admin_notes", "").strip():
                raise serializers.ValidationError({"admin_notes": _("Say why.")})
            if "share" in attrs:
                raise serializers.ValidationError({"share": _("Nothing goes back.")})
        return attrs
