from decimal import Decimal
from typing import Any

from rest_framework import serializers

from catalog.models import MAX_PRICE
from orders.models import DeliveryAddress, DeliveryMethod


class AddressSerializer(serializers.ModelSerializer):
    """Where a person lets things be sent to."""

    class Meta:
        model = DeliveryAddress
        fields = [
            "id",
            "recipient",
            "phone",
            "city",
            "street",
            "postal_code",
            "comment",
            "is_default",
            "created_at",
        ]
        read_only_fields = fields


class AddressInputSerializer(serializers.Serializer[Any]):
    """An address; the first one is the default whatever is said."""

    recipient = serializers.CharField(max_length=120)
    phone = serializers.RegexField(r"^\+?[0-9 ()-]{5,20}$", max_length=20)
    city = serializers.CharField(max_length=100)
    street = serializers.CharField(max_length=200)
    postal_code = serializers.CharField(max_length=10, allow_blank=True, default="")
    comment = serializers.CharField(max_length=300, allow_blank=True, default="")
    is_default = serializers.BooleanField(default=False)

    tolerated = frozenset(AddressSerializer.Meta.fields)


class DeliveryMethodSerializer(serializers.ModelSerializer):
    """A way in which a shop delivers; money in KZT. From `free_from` on it costs nothing."""

    class Meta:
        model = DeliveryMethod
        fields = ["id", "shop_id", "kind", "name", "price", "free_from", "is_active"]
        read_only_fields = fields


class DeliveryMethodInputSerializer(serializers.Serializer[Any]):
    """A way in which the shop delivers; `free_from` for that kind alone."""

    kind = serializers.ChoiceField(DeliveryMethod.Kind.choices)
    name = serializers.CharField(max_length=100)
    price = serializers.DecimalField(
        max_digits=12,
        decimal_places=2,
        min_value=Decimal(0),
        max_value=MAX_PRICE,
        default=Decimal(0),
    )
    free_from = serializers.DecimalField(
        max_digits=12,
        decimal_places=2,
        min_value=Decimal("0.01"),
        max_value=MAX_PRICE,
        allow_null=True,
        default=None,
    )
    is_active = serializers.BooleanField(default=True)

    tolerated = frozenset(DeliveryMethodSerializer.Meta.fields)


class DeliveryMessageSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()
