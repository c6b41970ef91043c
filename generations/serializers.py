import re
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers

from accounts.models import User
from catalog.serializers import nested
from core import images, storage
from core.bodies import MAX_ID, valid
from core.errors import Refusal
from generations import errors
from generations.charges import charge_info
from generations.models import MAX_SEED, MAX_VARIANTS, MAX_WORN, Generation, PersonPhoto

THING = {"product_id", "wardrobe_item_id"}


class PhotoRequired(Refusal):
    code = "photo_required"
    status = 422


class GenerationSerializer(serializers.ModelSerializer):
    """A request to an engine; `cost` in KZT, `image_url` signed, `error` null or {code, detail}."""

    image_url = serializers.SerializerMethodField()
    original_url = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()
    wardrobe_item_id = serializers.SerializerMethodField()

    class Meta:
        model = Generation
        fields = [
            "id",
            "user_id",
            "product_id",
            "type",
            "status",
            "prompt",
            "image_url",
            "original_url",
            "cost",
            "error",
            "seed",
            "wardrobe_item_id",
            "created_at",
            "finished_at",
        ]
        read_only_fields = fields

    def get_image_url(self, generation: Generation) -> str | None:
        return storage.signed_url(generation.result) if generation.result else None

    def get_original_url(self, generation: Generation) -> str | None:
        return storage.signed_url(generation.original) if generation.original else None

    @extend_schema_field(
        inline_serializer(
            "GenerationError",
            {"code": serializers.CharField(), "detail": serializers.CharField()},
            allow_null=True,
        )
    )
    def get_error(self, generation: Generation) -> dict[str, str] | None:
        code = generation.error_code
        return {"code": code, "detail": errors.text(code)} if code else None

    def get_wardrobe_item_id(self, generation: Generation) -> int | None:
        # A prefetch makes this free in a list; `generated` items come before later copies.
        kept = sorted(item.pk for item in generation.wardrobe_items.all())
        return kept[0] if kept else None


class ChargeInfoSerializer(serializers.Serializer[Any]):
    charged = serializers.BooleanField()
    amount = serializers.DecimalField(max_digits=12, decimal_places=2)
    free_remaining = serializers.IntegerField(required=False)
    balance_remaining = serializers.DecimalField(max_digits=14, decimal_places=2, required=False)
    message = serializers.CharField()


class ChargedGenerationSerializer(GenerationSerializer):
    """A generation just asked for, with what it cost."""

    charge_info = serializers.SerializerMethodField()

    class Meta(GenerationSerializer.Meta):
        fields = [*GenerationSerializer.Meta.fields, "charge_info"]
        read_only_fields = fields

    @extend_schema_field(ChargeInfoSerializer)
    def get_charge_info(self, generation: Generation) -> dict[str, Any]:
        return charge_info(generation, is_from_store=self.context.get("is_from_store", False))


class VariantsSerializer(ChargedGenerationSerializer):
    """The first of the pictures asked for; `variants` are the ids of all of them."""

    variants = serializers.SerializerMethodField()

    class Meta(ChargedGenerationSerializer.Meta):
        fields = [*ChargedGenerationSerializer.Meta.fields, "variants"]
        read_only_fields = fields

    def get_variants(self, generation: Generation) -> list[int]:
        ids: list[int] = self.context.get("variants", [generation.pk])
        return ids


class AddressField(serializers.CharField):
    """The address of an upload; older clients send null or nothing when there is none."""

    def __init__(self) -> None:
        super().__init__(required=False, allow_null=True, allow_blank=True, max_length=500)


class WishSerializer(serializers.Serializer[Any]):
    """What every wish for a picture may say; older clients spell two of the fields their way."""

    save_to_wardrobe = serializers.BooleanField(default=False)
    seed = serializers.IntegerField(min_value=0, max_value=MAX_SEED, default=0)
    user_image_url = AddressField()
    userImageUrl = AddressField()  # noqa: N815
    saveToWardrobe = serializers.BooleanField(required=False)  # noqa: N815

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        older = {"userImageUrl": "user_image_url", "saveToWardrobe": "save_to_wardrobe"}
        return {older.get(name, name): value for name, value in attrs.items()}


class DesignSerializer(WishSerializer):
    """A garment in words: Russian, Kazakh or English.

    Garments are drawn without a person, so a photo that an older client names is not looked at.
    """

    prompt = serializers.CharField(max_length=1000)
    n = serializers.IntegerField(min_value=1, max_value=MAX_VARIANTS, default=1)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        wish = super().validate(attrs)
        wish.pop("user_image_url", None)
        return wish


class ThingSerializer(serializers.Serializer[Any]):
    """One thing to put on: a product of the catalogue, or an item of one's own wardrobe."""

    product_id = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False)
    wardrobe_item_id = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(THING & attrs.keys()) != 1:
            raise serializers.ValidationError(_("Name a product or an item of your wardrobe."))
        return attrs


class PhotoSerializer(WishSerializer):
    """The photo comes as the file `photo`, or as the address of an own upload."""

    photo = serializers.FileField(required=False)

    def person(self, user: User) -> bytes:
        """The photo as a clean JPEG; PhotoRequired when neither way was taken."""
        if photo := self.validated_data.get("photo"):
            return images.clean(photo.read())
        if url := self.validated_data.get("user_image_url"):
            own = (f"temp/user-{user.pk}/", f"users/{user.pk}/", f"generations/{user.pk}/")
            return storage.read(storage.named_by(url, *own))
        raise PhotoRequired(_("Send the photo as a file, or name one that you uploaded."))


class TryOnSerializer(ThingSerializer, PhotoSerializer):
    """One thing to put on, and the photo."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return PhotoSerializer.validate(self, ThingSerializer.validate(self, attrs))


class ThingsSerializer(serializers.Serializer[Any]):
    """What is put on together, in this order."""

    items: Any = serializers.ListSerializer(
        child=ThingSerializer(), min_length=1, max_length=MAX_WORN
    )


@extend_schema_field(ThingSerializer(many=True))
class ThingsField(serializers.Field):
    """Things as JSON or, in a form, as its text."""

    def to_internal_value(self, data: Any) -> list[dict[str, int]]:
        value = nested(data) if isinstance(data, str) else data
        sent: list[dict[str, int]] = valid(ThingsSerializer(data={"items": value}))["items"]
        return sent


class OutfitSerializer(PhotoSerializer):
    """Up to four things in the order of putting on, and the photo."""

    items = ThingsField()


class FingerprintSerializer(serializers.Serializer[Any]):
    """SHA-256 of the file as it was downloaded, in hexadecimal."""

    sha256 = serializers.RegexField(re.compile(r"\A[0-9a-fA-F]{64}\Z"))

    def validate_sha256(self, value: str) -> str:
        return value.lower()


class PersonPhotoSerializer(serializers.ModelSerializer):
    """A kept photo; its signed `url` serves as `user_image_url` of a try-on."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = PersonPhoto
        fields = ["id", "url", "created_at"]
        read_only_fields = fields

    def get_url(self, photo: PersonPhoto) -> str:
        return storage.signed_url(photo.image)


class NewPhotoSerializer(serializers.Serializer[Any]):
    """A photo of oneself as the file `photo`."""

    photo = serializers.FileField()


class ReportSerializer(serializers.Serializer[Any]):
    """What is wrong with the picture, in the owner's words."""

    complaint = serializers.CharField(max_length=500, allow_blank=True, default="")


class RerollSerializer(serializers.Serializer[Any]):
    """A seed of one's own choice; another one than before by chance where it is left out."""

    seed = serializers.IntegerField(min_value=0, max_value=MAX_SEED, required=False)


class RemovedSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()
    id = serializers.IntegerField()


class VerdictSerializer(serializers.Serializer[Any]):
    sha256 = serializers.CharField()
    made_here = serializers.BooleanField()
