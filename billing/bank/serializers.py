from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from billing.bank import numbers


class NumberField(serializers.CharField):
    """A number as banks print it: spaces and small letters are the same to them."""

    def to_internal_value(self, data: Any) -> str:
        text: str = super().to_internal_value(data)
        return text.replace(" ", "").upper()


class BankDetailsSerializer(serializers.Serializer[Any]):
    """Where payouts go: beneficiary, BIN or IIN, IBAN and BIC. Numbers come back masked."""

    beneficiary = serializers.CharField(max_length=140)
    iin_bin = NumberField(max_length=20)
    iban = NumberField(max_length=34)
    bic = NumberField(max_length=11)
    bank_name = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")

    def validate_iin_bin(self, value: str) -> str:
        if not numbers.is_identification_number(value):
            raise serializers.ValidationError(_("This is not a BIN or an IIN."))
        return value

    def validate_iban(self, value: str) -> str:
        if not numbers.is_iban(value):
            raise serializers.ValidationError(_("This is not an IBAN of Kazakhstan."))
        return value

    def validate_bic(self, value: str) -> str:
        if not numbers.is_bic(value):
            raise serializers.ValidationError(_("This is not a BIC of a bank in Kazakhstan."))
        return value
