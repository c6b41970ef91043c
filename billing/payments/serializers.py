from decimal import Decimal
from typing import Any

from rest_framework import serializers

from billing.models import MAX_AMOUNT, Payment
from billing.payments import links

MIN_TOPUP = Decimal(100)
MAX_TOPUP = Decimal(1_000_000)


class TopUpSerializer(serializers.Serializer[Any]):
    """How much to put on the balance, in KZT, and through which of the gateways."""

    amount = serializers.DecimalField(
        max_digits=9, decimal_places=2, min_value=MIN_TOPUP, max_value=MAX_TOPUP
    )
    provider = serializers.CharField(max_length=20, required=False)
    payment_type = serializers.ChoiceField(["top_up"], required=False)  # older clients say so


class OlderTopUpSerializer(TopUpSerializer):
    """The same from the older clients, whose smallest amount is 1."""

    amount = serializers.DecimalField(
        max_digits=9, decimal_places=2, min_value=Decimal(1), max_value=MAX_TOPUP
    )


class PaymentSerializer(serializers.ModelSerializer):
    """A payment, and the page where it is paid; amounts in KZT."""

    payment_url = serializers.CharField(source="pay_page", read_only=True)

    class Meta:
        model = Payment
        fields = [
            "id",
            "provider",
            "purpose",
            "checkout_id",
            "amount",
            "refunded_amount",
            "status",
            "payment_url",
            "expires_at",
            "created_at",
        ]
        read_only_fields = fields


class StartedPaymentSerializer(serializers.ModelSerializer):
    """A payment as the older clients know it."""

    order_id = serializers.SerializerMethodField()
    approval_url = serializers.CharField(source="pay_page", read_only=True)

    class Meta:
        model = Payment
        fields = ["order_id", "approval_url", "amount", "status"]
        read_only_fields = fields

    def get_order_id(self, payment: Payment) -> str:
        return links.order_id(payment)


class NothingMoreSerializer(serializers.Serializer[Any]):
    """Nothing more is to be said."""


class RefundSerializer(serializers.Serializer[Any]):
    """How much goes back to the payer, in KZT."""

    amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=Decimal("0.01"), max_value=MAX_AMOUNT
    )
