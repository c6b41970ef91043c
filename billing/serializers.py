from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from billing.models import MAX_AMOUNT, Transaction


class TransactionSerializer(serializers.ModelSerializer):
    """A line of the ledger: signed `amount` and `balance_after` in KZT."""

    status = serializers.SerializerMethodField()

    class Meta:
        model = Transaction
        fields = [
            "id",
            "type",
            "amount",
            "balance_after",
            "user_id",
            "shop_id",
            "order_id",
            "generation_id",
            "status",
            "created_at",
        ]

    def get_status(self, transaction: Transaction) -> str:
        return "completed"  # a line exists only for money that has moved


class AdjustmentSerializer(serializers.Serializer[Any]):
    """A correction of a balance by `amount` KZT, below 0 to take off; and why it is made."""

    account_type = serializers.ChoiceField(["user", "shop"])
    account_id = serializers.IntegerField(min_value=1, max_value=2**53)
    amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=-MAX_AMOUNT, max_value=MAX_AMOUNT
    )
    reason = serializers.CharField(min_length=5, max_length=500)

    def validate_amount(self, value: Decimal) -> Decimal:
        if not value:
            raise serializers.ValidationError(_("A correction by 0 corrects nothing."))
        return value
