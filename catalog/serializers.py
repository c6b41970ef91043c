from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog import pictures
from catalog.models import MAX_PICTURES, MAX_PRICE, Category, Product
from core import images, storage, strict_json
from core.plain_text import Unreadable
from shops.models import Shop

MAX_CHARACTERISTICS = 50
MAX_CHARACTERISTIC = 500  # letters


class CategorySerializer(serializers.ModelSerializer):
    """A kind of garment; `name` is in the caller's language."""

    name = serializers.CharField(read_only=True)
    products_count = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = Category
        fields = [
            "id",
            "name",
            "slug",
            "parent_id",
            "garment",
            "order",
            "is_active",
            "products_count",
            "created_at",
            "updated_at",
        ]


class ProductSerializer(serializers.ModelSerializer):
    """A product as shoppers and its shop see it; `price` in KZT, `images` in order."""

    shop_name = serializers.CharField(source="shop.shop_name", read_only=True)
    images = serializers.SerializerMethodField()

    class Meta:
        model = Product
        fields = [
            "id",
            "shop_id",
            "shop_name",
            "category_id",
            "name",
            "description",
            "price",
            "characteristics",
            "images",
            "rent_expires_at",
            "is_active",
            "moderation_status",
            "moderation_notes",
            "views_count",
            "try_ons_count",
            "purchases_count",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_images(self, product: Product) -> list[str]:
        return pictures.urls(product.images, is_public=product.is_public)


@extend_schema_field(
    {
        "type": "object",
        "maxProperties": MAX_CHARACTERISTICS,
        "additionalProperties": {
            "oneOf": [
                {"type": "string", "maxLength": MAX_CHARACTERISTIC},
                {"type": "number"},
                {"type": "boolean"},
            ]
        },
    }
)
class CharacteristicsField(serializers.JSONField):
    """An object of plain values, as JSON or, in a form, as its text."""

    def to_internal_value(self, data: Any) -> Any:
        value = _nested(data) if isinstance(data, str) else data
        few = isinstance(value, dict) and len(value) <= MAX_CHARACTERISTICS
        if not (few and all(map(_is_plain, [*value, *value.values()]))):
            raise serializers.ValidationError(_("Send an object of plain values."))
        return super().to_internal_value(value)


class AddressListField(serializers.ListField):
    """A list of addresses: a JSON array, its text in a form, or text with commas."""

    child = serializers.CharField(max_length=500)

    def to_internal_value(self, data: Any) -> list[str]:
        if isinstance(data, list) and len(data) == 1 and isinstance(data[0], str):
            data = data[0]
        if isinstance(data, str):
            data = self._split(data)
        return super().to_internal_value(data)

    def _split(self, text: str) -> Any:
        if text.strip().startswith("["):
            return _nested(text)
        return [part.strip() for part in text.split(",") if part.strip()]


def _nested(text: str) -> Any:
    """JSON that came as text inside a form; it obeys the rules of a body."""
    try:
        return strict_json.parsed(text)
    except Unreadable as error:
        raise serializers.ValidationError(str(error), code=error.code) from error


class PictureField(serializers.FileField):
    """A picture sent as a file, or named by the address of an own upload."""

    def to_internal_value(self, data: Any) -> Any:
        return data if isinstance(data, str) else super().to_internal_value(data)


class ProductInputSerializer(serializers.Serializer[Any]):
    """What a shop sends: `images` as files or addresses of its own uploads, or `image_urls`."""

    name = serializers.CharField(max_length=200)
    price = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=Decimal("0.01"), max_value=MAX_PRICE
    )
    description = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    characteristics = CharacteristicsField(required=False)
    category_id = serializers.PrimaryKeyRelatedField(
        source="category",
        queryset=Category.objects.filter(is_active=True),
        required=False,
        allow_null=True,
    )
    images = serializers.ListField(child=PictureField(), required=False, max_length=MAX_PICTURES)
    image_urls = AddressListField(required=False, max_length=MAX_PICTURES)

    tolerated = frozenset(ProductSerializer.Meta.fields)

    def details(self, shop: Shop) -> dict[str, Any]:
        """The input as the domain takes it, pictures read and cleaned."""
        details = dict(self.validated_data)
        sent, named = details.pop("images", None), details.pop("image_urls", None)
        if sent is not None or named is not None:
            details["images"] = [_picture(shop, some) for some in [*(sent or []), *(named or [])]]
        return details


def _picture(shop: Shop, sent: Any) -> bytes:
    if isinstance(sent, str):
        return storage.read(storage.named_by(sent, f"temp/shop-{shop.pk}/", f"shops/{shop.pk}/"))
    return images.clean(sent.read())


def _is_plain(value: Any) -> bool:
    """Whether a value can be shown and stored: no nesting, no NUL, no long text."""
    if isinstance(value, str):
        return "\0" not in value and len(value) <= MAX_CHARACTERISTIC
    return isinstance(value, int | float)


class DecisionSerializer(serializers.Serializer[Any]):
    action = serializers.ChoiceField(["approve"], required=False)  # older clients say it twice
    notes = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")


class ProductRejectionSerializer(serializers.Serializer[Any]):
    """Why a product is rejected; the older clients call the reason `notes`."""

    action = serializers.ChoiceField(["reject"], required=False)
    reason = serializers.CharField(required=False, max_length=1000)
    notes = serializers.CharField(required=False, max_length=1000)

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        if not (attrs.get("reason") or attrs.get("notes")):
            raise serializers.ValidationError({"reason": _("Say why.")})
        return attrs


class UploadSerializer(serializers.Serializer[Any]):
    """Pictures to be named later in `image_urls`."""

    files = serializers.ListField(
        child=serializers.FileField(), min_length=1, max_length=MAX_PICTURES
    )

    def kept_for(self, owner: str) -> dict[str, list[str]]:
        """The answer: the addresses of the pictures, now kept for `user-5` or `shop-5`."""
        files = [file.read() for file in self.validated_data["files"]]
        return {"urls": pictures.upload(owner, files)}


class UploadedSerializer(serializers.Serializer[Any]):
    urls = serializers.ListField(child=serializers.URLField())


class ProductMessageSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()
    product = ProductSerializer(required=False)
