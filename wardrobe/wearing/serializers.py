from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core import storage
from core.bodies import MAX_ID
from core.pagination import MAX_LIMIT
from wardrobe.models import UserWardrobeItem, Wear

EARLIEST = date(2000, 1, 1)


class WearSerializer(serializers.ModelSerializer):
    """A line of the diary: an item and the day on which it was worn, or is to be."""

    class Meta:
        model = Wear
        fields = ["id", "day", "item_id", "outfit_id", "is_planned"]
        read_only_fields = fields


class WearInputSerializer(serializers.Serializer[Any]):
    """A day, and either items by id or an outfit."""

    day = serializers.DateField()
    items = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_ID),
        min_length=1,
        max_length=MAX_LIMIT,
        required=False,
    )
    outfit_id = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False)
    is_planned = serializers.BooleanField(default=False)

    def validate_day(self, day: date) -> date:
        if day < EARLIEST:
            raise serializers.ValidationError(_("That is too long ago."))
        return day

    def validate(self, wish: dict[str, Any]) -> dict[str, Any]:
        if ("items" in wish) == ("outfit_id" in wish):
            raise serializers.ValidationError(_("Name either items or an outfit."))
        return wish


class WornItemSerializer(serializers.ModelSerializer):
    """How often an item was worn; `cost_per_wear` in KZT is its price shared among the days."""

    image = serializers.SerializerMethodField()
    times_worn = serializers.IntegerField()
    last_worn_on = serializers.DateField(allow_null=True)
    cost_per_wear = serializers.DecimalField(12, 2, allow_null=True)

    class Meta:
        model = UserWardrobeItem
        fields = ["id", "name", "image", "price", "times_worn", "last_worn_on", "cost_per_wear"]
        read_only_fields = fields

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_image(self, item: UserWardrobeItem) -> str | None:
        return storage.signed_url(item.images[0]) if item.images else None
