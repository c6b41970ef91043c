from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core import storage
from core.bodies import MAX_ID
from wardrobe.models import LEAST_SCALE, Outfit, OutfitItem
from wardrobe.outfits import sharing
from wardrobe.outfits.composing import MAX_ITEMS, Wish


class PlacementSerializer(serializers.ModelSerializer):
    """An item in its place on the picture: numbers between 0 and 1, `image` a signed address."""

    name = serializers.CharField(source="item.name")
    image = serializers.SerializerMethodField()

    class Meta:
        model = OutfitItem
        fields = ["item_id", "name", "image", "layer", "x", "y", "scale"]
        read_only_fields = fields

    def get_image(self, placement: OutfitItem) -> str | None:
        names = placement.item.images
        return storage.signed_url(names[0]) if names else None


class OutfitSerializer(serializers.ModelSerializer):
    """An outfit of one's own; `cover` is null until it is drawn, `share_url` while not shared."""

    cover = serializers.SerializerMethodField()
    share_url = serializers.SerializerMethodField()
    items = PlacementSerializer(source="placements", many=True)

    class Meta:
        model = Outfit
        fields = [
            "id",
            "user_id",
            "name",
            "description",
            "is_favorite",
            "cover",
            "items",
            "shared_until",
            "share_url",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_cover(self, outfit: Outfit) -> str | None:
        return storage.signed_url(outfit.cover) if outfit.cover else None

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_share_url(self, outfit: Outfit) -> str | None:
        return sharing.url(outfit)


class PlacementInputSerializer(serializers.Serializer[Any]):
    """An item and its place; without one, items lie side by side."""

    item_id = serializers.IntegerField(min_value=1, max_value=MAX_ID)
    x = serializers.DecimalField(4, 3, min_value=Decimal(0), max_value=Decimal(1), required=False)
    y = serializers.DecimalField(4, 3, min_value=Decimal(0), max_value=Decimal(1), required=False)
    scale = serializers.DecimalField(
        4, 3, min_value=LEAST_SCALE, max_value=Decimal(1), required=False
    )

    tolerated = frozenset(PlacementSerializer.Meta.fields)


class OutfitInputSerializer(serializers.Serializer[Any]):
    """An outfit as its owner writes it: items from the lowest layer to the highest."""

    name = serializers.CharField(max_length=255)
    description = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    is_favorite = serializers.BooleanField(required=False)
    items = serializers.ListField(
        child=PlacementInputSerializer(), min_length=1, max_length=MAX_ITEMS
    )

    tolerated = frozenset(OutfitSerializer.Meta.fields)

    def validate_items(self, items: list[Wish]) -> list[Wish]:
        if len({wish["item_id"] for wish in items}) < len(items):
            raise serializers.ValidationError(_("An item is in an outfit once."))
        return items


class ShareSerializer(serializers.Serializer[Any]):
    """For how many days the link is good: 7 unless told."""

    days = serializers.IntegerField(min_value=1, max_value=sharing.MAX_DAYS, default=7)


class SharedPlacementSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="item.name")

    class Meta:
        model = OutfitItem
        fields = ["name", "layer", "x", "y", "scale"]
        read_only_fields = fields


class SharedOutfitSerializer(serializers.ModelSerializer):
    """What whoever holds the link sees: no owner, no prices, no pictures but `cover`."""

    cover = serializers.SerializerMethodField()
    items = SharedPlacementSerializer(source="placements", many=True)

    class Meta:
        model = Outfit
        fields = ["name", "description", "cover", "items", "shared_until"]
        read_only_fields = fields

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_cover(self, outfit: Outfit) -> str | None:
        return sharing.cover_url(outfit)
