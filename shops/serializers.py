import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core import storage
from shops.models import Shop

WHATSAPP = re.compile(r"\+\d{7,15}")


class AvatarField(serializers.CharField):
    """The stored avatar as an address: the shop's own picture, or the one Google gave."""

    def to_representation(self, value: str) -> str:
        if value.startswith("https://") or not value:
            return value
        return storage.public_url(value, storage.digest(value))


class PublicShopSerializer(serializers.ModelSerializer):
    """A shop as shoppers see it: no e-mail and no balance."""

    avatar_url = AvatarField(source="avatar", read_only=True)
    logo_url = AvatarField(source="avatar", read_only=True)
    products_count = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = Shop
        fields = [
            "id",
            "shop_name",
            "description",
            "logo_url",
            "avatar_url",
            "phone",
            "whatsapp_number",
            "address",
            "products_count",
            "is_approved",
            "is_active",
            "created_at",
        ]
        read_only_fields = fields


class ShopSerializer(serializers.ModelSerializer):
    """A shop as its owner sees and edits it; `balance` in KZT."""

    avatar_url = AvatarField(source="avatar", read_only=True)
    status = serializers.CharField(read_only=True)

    class Meta:
        model = Shop
        fields = [
            "id",
            "email",
            "shop_name",
            "owner_name",
            "description",
            "avatar_url",
            "phone",
            "whatsapp_number",
            "address",
            "balance",
            "status",
            "is_approved",
            "is_active",
            "rejection_reason",
            "created_at",
            "updated_at",
        ]
        read_only_fields = [
            "email",
            "balance",
            "is_approved",
            "is_active",
            "rejection_reason",
        ]

    def validate_whatsapp_number(self, value: str) -> str:
        number = re.sub(r"[\s()-]", "", value)
        if number and not WHATSAPP.fullmatch(number):
            raise serializers.ValidationError(_("Write + and 7 to 15 digits."))
        return number


class ShopForAdminSerializer(serializers.ModelSerializer):
    class Meta:
        model = Shop
        fields = ["id", "shop_name", "email", "balance", "status", "created_at"]


class AvatarUploadSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(allow_empty_file=True)  # core.images words what is wrong with it


class ApprovalSerializer(serializers.Serializer[Any]):
    notes = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class RejectionSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(min_length=10, max_length=1000)


class MessageSerializer(serializers.Serializer[Any]):
    """What an administrator's action on a shop answers."""

    message = serializers.CharField()
    shop_id = serializers.IntegerField()
    shop_name = serializers.CharField()
    reason = serializers.CharField(required=False)
