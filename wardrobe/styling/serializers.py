from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.garment_kinds import Place
from core import storage
from wardrobe.models import UserWardrobeItem
from wardrobe.styling import packing, pieces
from wardrobe.styling.harmony import Harmony
from wardrobe.styling.pieces import Piece

MOST_SUGGESTIONS = 20
MOST_DAYS = 60
SEASONS = [season for season in UserWardrobeItem.Season.values if season != "all_year"]
PLACES = [place.value for place in Place]
REASONS = ["favorite", "of_the_season", "goes_with_all", "needed"]


class PieceSerializer(serializers.Serializer[Any]):
    """An item and where it is worn; `image` is a signed address."""

    item_id = serializers.IntegerField(source="item.pk")
    name = serializers.CharField(source="item.name")
    image = serializers.SerializerMethodField()
    place = serializers.ChoiceField(PLACES)
    colour = serializers.ChoiceField(UserWardrobeItem.Colour.choices, allow_blank=True)

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_image(self, piece: Piece) -> str | None:
        return storage.signed_url(piece.item.images[0]) if piece.item.images else None


class SuggestionSerializer(serializers.Serializer[Any]):
    """What to wear together, why, how good that is (0 to 2), and what the season wants besides."""

    pieces = PieceSerializer(many=True)
    harmony = serializers.ChoiceField([each.value for each in Harmony])
    score = serializers.FloatField()
    missing = serializers.ListField(child=serializers.ChoiceField(PLACES))


class SuggestionsSerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    season = serializers.ChoiceField(SEASONS)
    suggestions = SuggestionSerializer(many=True)


class DayWishSerializer(serializers.Serializer[Any]):
    """A day, today unless told, and a season, that of the day unless told."""

    day = serializers.DateField(required=False)
    season = serializers.ChoiceField(SEASONS, required=False)

    def validate(self, wish: dict[str, Any]) -> dict[str, Any]:
        wish.setdefault("day", timezone.localdate())
        wish.setdefault("season", pieces.season_of(wish["day"]))
        return wish


class SuggestionWishSerializer(DayWishSerializer):
    limit = serializers.IntegerField(min_value=1, max_value=MOST_SUGGESTIONS, default=5)


class JourneySerializer(DayWishSerializer):
    """So many days, and either a season or a temperature in °C; else the season of the day."""

    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS)
    temperature = serializers.FloatField(min_value=-60, max_value=60, required=False)

    def validate(self, wish: dict[str, Any]) -> dict[str, Any]:
        if "temperature" in wish:
            if "season" in wish:
                raise serializers.ValidationError(_("Name either a season or a temperature."))
            wish["season"] = packing.season_at(wish.pop("temperature"))
        return super().validate(wish)


class PackedSerializer(PieceSerializer):
    """A thing to take along, and why this one."""

    reasons = serializers.ListField(child=serializers.ChoiceField(REASONS))


class CountSerializer(serializers.Serializer[Any]):
    place = serializers.ChoiceField(PLACES)
    count = serializers.IntegerField()


class PackingListSerializer(serializers.Serializer[Any]):
    """How many of each place a journey wants, what to take, and how many are missing."""

    day = serializers.DateField()
    days = serializers.IntegerField()
    season = serializers.ChoiceField(SEASONS)
    wanted = CountSerializer(many=True)
    pieces = PackedSerializer(many=True)
    missing = CountSerializer(many=True)
