from typing import Any

from rest_framework import serializers


class NamedCountSerializer(serializers.Serializer[Any]):
    """So many products of a category or a shop, called by its name in the caller's language."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    count = serializers.IntegerField()


class ValueCountSerializer(serializers.Serializer[Any]):
    """So many products that have a variant of this size or colour."""

    value = serializers.CharField()
    count = serializers.IntegerField()


class PriceCountSerializer(serializers.Serializer[Any]):
    """So many products from `price_min` KZT up to below `price_max`; null is without a bound."""

    price_min = serializers.IntegerField()
    price_max = serializers.IntegerField(allow_null=True)
    count = serializers.IntegerField()


class FacetsSerializer(serializers.Serializer[Any]):
    """Of each kind the hundred with most products."""

    total = serializers.IntegerField()
    categories = NamedCountSerializer(many=True)
    shops = NamedCountSerializer(many=True)
    sizes = ValueCountSerializer(many=True)
    colors = ValueCountSerializer(many=True)
    prices = PriceCountSerializer(many=True)


class PictureSearchSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(allow_empty_file=True)  # core.images words what is wrong with it
