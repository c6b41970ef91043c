from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User
from catalog.models import MAX_PRICE, Category
from catalog.serializers import AddressListField, CategorySerializer, CharacteristicsField
from core import images, storage
from core.bodies import MAX_ID
from core.pagination import MAX_LIMIT
from wardrobe.models import MAX_PICTURES, UserWardrobeItem
from wardrobe.wording import why_not_removed


class WardrobeItemSerializer(serializers.ModelSerializer):
    """A garment of one's own; `images` are signed addresses, `price` in KZT.

    `colour_name` is in the caller's language; both are empty until the picture has been looked at.
    `background` tells of its removal from the first picture, `original_image` what was before, and
    `background_detail`, in the caller's language, why it failed.
    """

    images = serializers.SerializerMethodField()
    colour = serializers.ChoiceField(UserWardrobeItem.Colour.choices, allow_blank=True)
    colour_name = serializers.CharField(source="get_colour_display")
    season = serializers.ChoiceField(UserWardrobeItem.Season.choices, allow_blank=True)
    background = serializers.ChoiceField(UserWardrobeItem.Background.choices, allow_blank=True)
    background_detail = serializers.SerializerMethodField()
    original_image = serializers.SerializerMethodField()

    class Meta:
        model = UserWardrobeItem
        fields = [
            "id",
            "user_id",
            "source",
            "original_product_id",
            "generation_id",
            "client_key",
            "name",
            "description",
            "characteristics",
            "images",
            "price",
            "category_id",
            "shop_name",
            "season",
            "is_favorite",
            "folder",
            "archived_at",
            "colour",
            "colour_name",
            "duplicate_of_id",
            "background",
            "background_error",
            "background_detail",
            "original_image",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_images(self, item: UserWardrobeItem) -> list[str]:
        return [storage.signed_url(name) for name in item.images]

    def get_background_detail(self, item: UserWardrobeItem) -> str:
        return why_not_removed(item.background_error) if item.background_error else ""

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_original_image(self, item: UserWardrobeItem) -> str | None:
        return storage.signed_url(item.original_image) if item.original_image else None


class SuggestedSerializer(serializers.Serializer[Any]):
    """What an item seems to be: `category` by its words, `colour` by its picture."""

    category = CategorySerializer(allow_null=True)
    colour = serializers.ChoiceField(UserWardrobeItem.Colour.choices, allow_blank=True)
    colour_name = serializers.CharField(allow_blank=True)


class WardrobeNoteSerializer(serializers.Serializer[Any]):
    """What a person may say about a copied item while keeping it."""

    name = serializers.CharField(max_length=255, required=False)
    description = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    folder = serializers.CharField(max_length=100, required=False, allow_blank=True)
    is_favorite = serializers.BooleanField(required=False)


class WardrobeInputSerializer(WardrobeNoteSerializer):
    """An item as its owner writes it: pictures as `files`, or as addresses of own uploads."""

    name = serializers.CharField(max_length=255)
    characteristics = CharacteristicsField(required=False)
    price = serializers.DecimalField(
        max_digits=12,
        decimal_places=2,
        min_value=Decimal("0.01"),
        max_value=MAX_PRICE,
        required=False,
        allow_null=True,
    )
    category_id = serializers.PrimaryKeyRelatedField(
        source="category", queryset=Category.objects.all(), required=False, allow_null=True
    )
    shop_name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    files = serializers.ListField(
        child=serializers.FileField(), required=False, max_length=MAX_PICTURES
    )
    image_urls = AddressListField(required=False, max_length=MAX_PICTURES)
    images = AddressListField(required=False, max_length=MAX_PICTURES)
    is_archived = serializers.BooleanField(required=False)
    season = serializers.ChoiceField(
        UserWardrobeItem.Season.choices, required=False, allow_blank=True
    )
    colour = serializers.ChoiceField(
        UserWardrobeItem.Colour.choices, required=False, allow_blank=True
    )

    tolerated = frozenset(WardrobeItemSerializer.Meta.fields)

    def details(self, user: User) -> dict[str, Any]:
        """The input as the domain takes it, pictures read and cleaned."""
        details = dict(self.validated_data)
        files = details.pop("files", None)
        addresses = [details.pop(name, None) for name in ("image_urls", "images")]
        if files is not None or any(some is not None for some in addresses):
            sent = [images.clean(file.read()) for file in files or []]
            kept = [_own_picture(user, url) for some in addresses for url in some or []]
            details["pictures"] = (sent + kept)[:MAX_PICTURES]
        if "is_archived" in details:
            details["archived_at"] = timezone.now() if details.pop("is_archived") else None
        return details


class FolderRenameSerializer(serializers.Serializer[Any]):
    """A folder and its new name; an empty one dissolves it, and its items stay."""

    folder = serializers.CharField(max_length=100)
    name = serializers.CharField(max_length=100, allow_blank=True)


class MoveSerializer(serializers.Serializer[Any]):
    """Items by id, and the folder they go to; an empty one takes them out of any."""

    items = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_ID),
        min_length=1,
        max_length=MAX_LIMIT,
    )
    folder = serializers.CharField(max_length=100, allow_blank=True)


class MovedSerializer(serializers.Serializer[Any]):
    """How many items were put into the named folder."""

    folder = serializers.CharField(allow_blank=True)
    moved = serializers.IntegerField()


class WardrobeMessageSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()
    id = serializers.IntegerField()


def _own_picture(user: User, url: str) -> bytes:
    own = (f"temp/user-{user.pk}/", f"users/{user.pk}/", f"generations/{user.pk}/")
    name = storage.named_by(url, *own)
    if storage.is_original(name):
        raise storage.UnknownUpload(_("A photo of yourself is not kept in the wardrobe."))
    return storage.read(name)
