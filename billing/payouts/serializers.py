from typing import Any

from rest_framework import serializers

from billing.bank import details
from billing.models import MAX_AMOUNT, PAYOUT_MIN, Payout


class PayoutSerializer(serializers.ModelSerializer):
    """A payout in KZT, and the account it goes to, masked."""

    iban = serializers.SerializerMethodField()

    class Meta:
        model = Payout
        fields = [
            "id",
            "amount",
            "status",
            "iban",
            "bank_reference",
            "failure_reason",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_iban(self, payout: Payout) -> str:
        return details.unseal(payout.encrypted_account).masked().iban


class PayoutForAdminSerializer(PayoutSerializer):
    shop_name = serializers.CharField(source="shop.shop_name", read_only=True)

    class Meta(PayoutSerializer.Meta):
        fields = [
            *PayoutSerializer.Meta.fields,
            "shop_id",
            "shop_name",
            "approved_by_id",
            "seconded_by_id",
            "lacks_approval",
        ]
        read_only_fields = fields


class PayoutPageSerializer(serializers.Serializer[Any]):
    items = PayoutSerializer(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class PayoutPageForAdminSerializer(serializers.Serializer[Any]):
    items = PayoutForAdminSerializer(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class PayoutRequestSerializer(serializers.Serializer[Any]):
    """How much of the balance to send to the bank, in KZT."""

    amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=PAYOUT_MIN, max_value=MAX_AMOUNT
    )


class PayoutApprovalSerializer(serializers.Serializer[Any]):
    """Nothing more is to be said."""


class PayoutPaidSerializer(serializers.Serializer[Any]):
    bank_reference = serializers.CharField(max_length=100)


class PayoutFailureSerializer(serializers.Serializer[Any]):
    """Why the money comes back; the shop reads it."""

    reason = serializers.CharField(max_length=500)
