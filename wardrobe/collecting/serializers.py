from typing import Any

from rest_framework import serializers

from core.bodies import MAX_ID
from core.pagination import MAX_LIMIT
from wardrobe.models import Collection


class CollectionSerializer(serializers.ModelSerializer):
    """A collection and how many items are in it; `GET wardrobe?collection=` lists them."""

    items_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Collection
        fields = ["id", "name", "items_count", "created_at", "updated_at"]
        read_only_fields = fields


class CollectedSerializer(serializers.Serializer[Any]):
    """Items of one's own, by id."""

    items = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_ID),
        min_length=1,
        max_length=MAX_LIMIT,
    )


class CollectionInputSerializer(serializers.Serializer[Any]):
    """A name, and the items by id, which replace those before."""

    name = serializers.CharField(max_length=100)
    items = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_ID),
        max_length=MAX_LIMIT,
        required=False,
    )

    tolerated = frozenset(CollectionSerializer.Meta.fields)
