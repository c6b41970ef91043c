import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog import pictures
from catalog.models import (
    MAX_BUFFER_DAYS,
    MAX_PICTURES,
    MAX_PRICE,
    MAX_RENTAL_DAYS,
    MAX_STOCK,
    MAX_UNITS,
    MOST_MONTHS,
    Category,
    Product,
    ProductRevision,
    ProductVariant,
    Reason,
    RentalTerms,
)
from catalog.variants import MAX_VARIANTS, Offer
from core import images, storage, strict_json
from core.bodies import MAX_ID, valid
from core.plain_text import Unreadable
from shops.models import Shop

MAX_CHARACTERISTICS = 50
MAX_CHARACTERISTIC = 500  # letters


class CategorySerializer(serializers.ModelSerializer):
    """A kind of garment; `name` is in the caller's language.

    `size_chart` has for each `size` measures of the body in cm, each a number or from and to.
    """

    name = serializers.CharField(read_only=True)
    products_count = serializers.IntegerField(read_only=True, default=0)
    size_chart = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = Category
        fields = [
            "id",
            "name",
            "slug",
            "parent_id",
            "garment",
            "order",
            "returnable",
            "size_chart",
            "required_characteristics",
            "is_active",
            "products_count",
            "created_at",
            "updated_at",
        ]


class VariantSerializer(serializers.ModelSerializer):
    """What is ordered of a product.

    Without a `price` it costs what the product costs; without a `stock` there are always enough.
    """

    available = serializers.IntegerField(allow_null=True, read_only=True)

    class Meta:
        model = ProductVariant
        fields = [
            "id",
            "size",
            "colour",
            "sku",
            "price",
            "stock",
            "available",
            "rental_units",
            "is_active",
        ]
        read_only_fields = fields


class RentalTermsSerializer(serializers.ModelSerializer):
    """The terms on which a product is rented; money in KZT, both days of a rental count."""

    class Meta:
        model = RentalTerms
        fields = [
            "price_per_day",
            "deposit",
            "min_days",
            "max_days",
            "buffer_days",
            "late_fee_per_day",
        ]
        read_only_fields = fields


class PictureSerializer(serializers.Serializer[Any]):
    """A picture as it is stored; `sizes` are smaller copies as WebP by their width in pixels.

    `colour` (#rrggbb) and `placeholder` (a data: address) stand in until it is there. What nobody
    has looked at yet is null.
    """

    url = serializers.CharField()
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    colour = serializers.CharField(allow_null=True)
    placeholder = serializers.CharField(allow_null=True)
    sizes = serializers.DictField(child=serializers.CharField())


class ProductSerializer(serializers.ModelSerializer):
    """A product as shoppers see it, in their language; `price` in KZT, `images` in order."""

    name = serializers.CharField(source="shown_name", read_only=True)
    description = serializers.CharField(source="shown_description", read_only=True)
    shop_name = serializers.CharField(source="shop.shop_name", read_only=True)
    images = serializers.SerializerMethodField()
    pictures = serializers.SerializerMethodField()
    moderation_reason = serializers.CharField(read_only=True)  # empty, or one of Reason
    moderation_notes = serializers.CharField(source="why", read_only=True)
    variants = VariantSerializer(many=True, read_only=True)
    rental_terms = RentalTermsSerializer(allow_null=True, read_only=True)
    rating = serializers.DecimalField(3, 2, allow_null=True, read_only=True)
    is_favorite = serializers.BooleanField(
        allow_null=True, read_only=True, help_text="Null where nobody has favourites"
    )

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
            "pictures",
            "variants",
            "rental_terms",
            "rent_expires_at",
            "is_active",
            "moderation_status",
            "moderation_reason",
            "moderation_notes",
            "views_count",
            "try_ons_count",
            "purchases_count",
            "rating",
            "reviews_count",
            "is_favorite",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_images(self, product: Product) -> list[str]:
        return pictures.urls(product)

    @extend_schema_field(PictureSerializer(many=True))
    def get_pictures(self, product: Product) -> list[dict[str, Any]]:
        return pictures.details(product)


class RevisionSerializer(serializers.Serializer[Any]):
    """What a shop wants to change of a product on sale: the new values of what is to be another.

    `status` is `pending`, or `rejected` with the reason, until the shop changes something else.
    """

    id = serializers.IntegerField()
    status = serializers.CharField()
    moderation_reason = serializers.CharField(allow_blank=True)
    moderation_notes = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    name = serializers.CharField(required=False)
    name_kk = serializers.CharField(required=False, allow_blank=True)
    name_en = serializers.CharField(required=False, allow_blank=True)
    description = serializers.CharField(required=False, allow_blank=True)
    description_kk = serializers.CharField(required=False, allow_blank=True)
    description_en = serializers.CharField(required=False, allow_blank=True)
    category_id = serializers.IntegerField(required=False, allow_null=True)
    characteristics = serializers.DictField(required=False)
    pictures = PictureSerializer(many=True, required=False)

    def to_representation(self, revision: ProductRevision) -> dict[str, Any]:
        said = dict(revision.proposed)
        if "category" in said:
            said["category_id"] = said.pop("category")
        if "images" in said:
            said["pictures"] = pictures.details(revision.product, said.pop("images"))
        return {
            "id": revision.pk,
            "status": revision.status,
            "moderation_reason": revision.moderation_reason,
            "moderation_notes": revision.why,
            "created_at": revision.created_at,
            **said,
        }


class WholeProductSerializer(ProductSerializer):
    """A product with its words as they were written, in all languages."""

    name = serializers.CharField(read_only=True)
    description = serializers.CharField(read_only=True)

    class Meta(ProductSerializer.Meta):
        fields = [
            *ProductSerializer.Meta.fields,
            *("name_kk", "name_en", "description_kk", "description_en"),
        ]
        read_only_fields = fields


class OwnProductSerializer(WholeProductSerializer):
    """A product as its shop and administrators see it: with the revision that waits, or null."""

    revision = serializers.SerializerMethodField()

    class Meta(WholeProductSerializer.Meta):
        fields = [*WholeProductSerializer.Meta.fields, "revision"]
        read_only_fields = fields

    @extend_schema_field(RevisionSerializer(allow_null=True))
    def get_revision(self, product: Product) -> dict[str, Any] | None:
        last = product.last_revision
        return RevisionSerializer(last).data if last else None


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
        value = nested(data) if isinstance(data, str) else data
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
            return nested(text)
        return [part.strip() for part in text.split(",") if part.strip()]


def nested(text: str) -> Any:
    """JSON that came as text inside a form; it obeys the rules of a body."""
    try:
        return strict_json.parsed(text)
    except Unreadable as error:
        raise serializers.ValidationError(str(error), code=error.code) from error


def _price(*, least: str = "0.01", **about: Any) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=Decimal(least), max_value=MAX_PRICE, **about
    )


def _number(least: int, most: int, **about: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=least, max_value=most, **about)


class OfferSerializer(serializers.Serializer[Any]):
    """A variant as its shop wants it, known by its size and colour."""

    size = serializers.CharField(max_length=20, allow_blank=True, default="")
    colour = serializers.CharField(max_length=40, allow_blank=True, default="")
    sku = serializers.CharField(max_length=60, allow_blank=True, default="")
    price = _price(allow_null=True, default=None)
    stock = _number(0, MAX_STOCK, allow_null=True, default=None)
    rental_units = _number(0, MAX_UNITS, default=0)
    is_active = serializers.BooleanField(default=True)

    tolerated = frozenset(VariantSerializer.Meta.fields)


class OffersSerializer(serializers.Serializer[Any]):
    """All variants of a product."""

    variants: Any = serializers.ListSerializer(
        child=OfferSerializer(), min_length=1, max_length=MAX_VARIANTS
    )


class RentalOfferSerializer(serializers.Serializer[Any]):
    """The terms on which a shop rents a product out; what it leaves out is usual."""

    price_per_day = _price()
    deposit = _price(least="0", default=Decimal(0))
    min_days = _number(1, MAX_RENTAL_DAYS, default=1)
    max_days = _number(1, MAX_RENTAL_DAYS, default=14)
    buffer_days = _number(0, MAX_BUFFER_DAYS, default=1)
    late_fee_per_day = _price(least="0", default=Decimal(0))


@extend_schema_field(OfferSerializer(many=True))
class OffersField(serializers.Field):
    """Variants as JSON or, in a form, as its text."""

    def to_internal_value(self, data: Any) -> list[Offer]:
        value = nested(data) if isinstance(data, str) else data
        sent = valid(OffersSerializer(data={"variants": value}))
        return [Offer(**each) for each in sent["variants"]]


@extend_schema_field(RentalOfferSerializer)
class RentalTermsField(serializers.Field):
    """Terms of rental as JSON or, in a form, as its text; null for what is not for rent."""

    def to_internal_value(self, data: Any) -> dict[str, Any] | None:
        value = nested(data) if isinstance(data, str) else data
        return valid(RentalOfferSerializer(data=value)) if value is not None else None


class PictureField(serializers.FileField):
    """A picture sent as a file, or named by the address of an own upload."""

    def to_internal_value(self, data: Any) -> Any:
        return data if isinstance(data, str) else super().to_internal_value(data)


def _words(most: int) -> serializers.CharField:
    return serializers.CharField(max_length=most, required=False, allow_blank=True)


class ProductInputSerializer(serializers.Serializer[Any]):
    """What a shop sends: `images` as files or addresses of its own uploads, or `image_urls`."""

    name = serializers.CharField(max_length=200)
    name_kk = _words(200)
    name_en = _words(200)
    price = _price()
    description = _words(2000)
    description_kk = _words(2000)
    description_en = _words(2000)
    characteristics = CharacteristicsField(required=False)
    category_id = serializers.PrimaryKeyRelatedField(
        source="category",
        queryset=Category.objects.filter(is_active=True),
        required=False,
        allow_null=True,
    )
    images = serializers.ListField(child=PictureField(), required=False, max_length=MAX_PICTURES)
    image_urls = AddressListField(required=False, max_length=MAX_PICTURES)
    variants = OffersField(source="offers", required=False)
    rental_terms = RentalTermsField(required=False, allow_null=True)

    tolerated = frozenset(OwnProductSerializer.Meta.fields)

    def details(self, shop: Shop) -> dict[str, Any]:
        """The input as the domain takes it, pictures read and cleaned."""
        details = dict(self.validated_data)
        pictures = pictures_sent(details, f"temp/shop-{shop.pk}/", f"shops/{shop.pk}/")
        return details if pictures is None else {**details, "images": pictures}


def pictures_sent(details: dict[str, Any], *own: str) -> list[bytes] | None:
    """Take `images` and `image_urls` out of the details: clean JPEGs, or None if neither was sent.

    Addresses name pictures that lie in folders of the sender's `own`.
    """
    sent, named = details.pop("images", None), details.pop("image_urls", None)
    if sent is None and named is None:
        return None
    return [_picture(some, own) for some in [*(sent or []), *(named or [])]]


def _picture(sent: Any, own: Iterable[str]) -> bytes:
    if isinstance(sent, str):
        return storage.read(_original(sent, *own))
    return images.clean(sent.read())


def _original(url: str, *prefixes: str) -> str:
    """The picture that an address names, be it by a smaller copy of it."""
    return re.sub(r"\.w\d+\.webp$", ".jpg", storage.named_by(url, *prefixes))


def _is_plain(value: Any) -> bool:
    """Whether a value can be shown and stored: no nesting, no NUL, no long text."""
    if isinstance(value, str):
        return "\0" not in value and len(value) <= MAX_CHARACTERISTIC
    return isinstance(value, int | float)


class DecisionSerializer(serializers.Serializer[Any]):
    """`revision_id` is the one that was looked at; another one is not decided about."""

    action = serializers.ChoiceField(["approve"], required=False)  # older clients say it twice
    notes = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")
    revision_id = serializers.IntegerField(required=False, min_value=1, max_value=MAX_ID)


class WhySerializer(serializers.Serializer[Any]):
    """Why: a `reason_code`, whose text the shop reads in its own language, or own words, or both.

    The older clients call their own words `notes`, or `reason`.
    """

    reason_code = serializers.ChoiceField(Reason.choices, required=False, default=Reason.OTHER)
    reason = serializers.CharField(required=False, max_length=1000)
    notes = serializers.CharField(required=False, max_length=1000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        is_said = attrs.get("reason") or attrs.get("notes")
        if not is_said and attrs["reason_code"] == Reason.OTHER:
            raise serializers.ValidationError({"reason": _("Say why.")})
        return attrs

    def why(self) -> dict[str, str]:
        """The reason as the domain takes it."""
        said = self.validated_data
        notes = said.get("reason") or said.get("notes") or ""
        return {"reason": said["reason_code"], "notes": notes}


class ProductRejectionSerializer(WhySerializer):
    """The same of a product or a revision that waits; see DecisionSerializer."""

    action = serializers.ChoiceField(["reject"], required=False)
    revision_id = serializers.IntegerField(required=False, min_value=1, max_value=MAX_ID)


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
    product = WholeProductSerializer(required=False)


class ListedSerializer(serializers.Serializer[Any]):
    """Which of the shop's products is to be shown, and how many times 30 days longer."""

    product_id = serializers.IntegerField(min_value=1, max_value=MAX_ID)
    months = serializers.IntegerField(min_value=1, max_value=MOST_MONTHS)


class ListingFeeSerializer(serializers.Serializer[Any]):
    """What the older clients send; the price is the platform's, whatever `amount` says."""

    payment_type = serializers.ChoiceField(["product_rent"], required=False)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, required=False)
    extra_data = ListedSerializer()


class ListingFeePaidSerializer(serializers.Serializer[Any]):
    """What was paid from the balance, in KZT, and until when the product is shown."""

    status = serializers.ChoiceField(["completed"])
    message = serializers.CharField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    new_balance = serializers.DecimalField(max_digits=14, decimal_places=2)
    product = WholeProductSerializer()
