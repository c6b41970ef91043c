from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.serializers import nested
from core.bodies import valid
from wardrobe.bulk.uploading import Thing
from wardrobe.models import UserWardrobeItem

MOST_FILES = 10
KEY = r"\A[!-~]{1,64}\Z"


class KeyedThingSerializer(serializers.Serializer[Any]):
    """The key of one file, and what its owner says of it."""

    key = serializers.RegexField(KEY)
    name = serializers.CharField(max_length=255, required=False)
    description = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    folder = serializers.CharField(max_length=100, required=False, allow_blank=True)
    season = serializers.ChoiceField(
        UserWardrobeItem.Season.choices, required=False, allow_blank=True
    )


class KeyedThingsSerializer(serializers.Serializer[Any]):
    items = serializers.ListField(child=KeyedThingSerializer(), min_length=1, max_length=MOST_FILES)


@extend_schema_field(KeyedThingSerializer(many=True))
class KeyedThingsField(serializers.Field):
    """Things as the JSON text of a list."""

    def to_internal_value(self, data: Any) -> list[dict[str, Any]]:
        value = nested(data) if isinstance(data, str) else data
        things: list[dict[str, Any]] = valid(KeyedThingsSerializer(data={"items": value}))["items"]
        return things


class BulkSerializer(serializers.Serializer[Any]):
    """`items` (JSON text) says of each of the `files`, in their order, its key and more."""

    items = KeyedThingsField()
    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True), min_length=1, max_length=MOST_FILES
    )

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        if len(sent["items"]) != len(sent["files"]):
            raise serializers.ValidationError(_("Name a key for each file, and for no other."))
        return sent

    def things(self) -> list[Thing]:
        sent = self.validated_data
        return [
            Thing(about["key"], file.read(), _details(about))
            for about, file in zip(sent["items"], sent["files"], strict=True)
        ]


class OutcomeSerializer(serializers.Serializer[Any]):
    """What became of a file; `detail` is in the caller's language."""

    key = serializers.CharField()
    status = serializers.ChoiceField(["created", "already_there", "refused"])
    item_id = serializers.IntegerField(allow_null=True)
    code = serializers.CharField(allow_blank=True)
    detail = serializers.CharField(allow_blank=True)


class OutcomesSerializer(serializers.Serializer[Any]):
    results = OutcomeSerializer(many=True)


def _details(about: dict[str, Any]) -> dict[str, Any]:
    named = {"name": _("New thing"), **about}
    del named["key"]
    return named
