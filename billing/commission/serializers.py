from typing import Any

from rest_framework import serializers


class TermsSerializer(serializers.Serializer[Any]):
    """`percent` of the amount and `fixed` KZT a piece; `minimum` to `maximum` KZT a piece."""

    percent = serializers.DecimalField(max_digits=5, decimal_places=2)
    fixed = serializers.DecimalField(max_digits=12, decimal_places=2)
    minimum = serializers.DecimalField(max_digits=12, decimal_places=2)
    maximum = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)


class CategoryTermsSerializer(TermsSerializer):
    category_id = serializers.IntegerField()
    category_name = serializers.CharField(source="category.name")


class ShopCommissionSerializer(TermsSerializer):
    """What the shop pays; `categories` are those where it pays something else."""

    categories = CategoryTermsSerializer(many=True)
