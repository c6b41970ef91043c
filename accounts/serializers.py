from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import User
from core import storage

ACCOUNT_TYPES = ["user", "shop"]
PLATFORMS = ["web", "mobile"]


class PrivateAvatarField(serializers.CharField):
    """The avatar as an address: a signed one of ours, or the one Google gave."""

    def to_representation(self, value: str) -> str:
        return value if value.startswith("https://") or not value else storage.signed_url(value)


class UserSerializer(serializers.ModelSerializer):
    """A person as they see themselves; `balance` in KZT."""

    avatar_url = PrivateAvatarField(
        source="avatar", required=False, allow_blank=True, max_length=500
    )

    class Meta:
        model = User
        fields = [
            "id",
            "email",
            "name",
            "avatar_url",
            "balance",
            "free_generations_left",
            "free_try_ons_left",
            "role",
            "photo_retention",
            "created_at",
            "updated_at",
        ]
        read_only_fields = [
            "email",
            "balance",
            "free_generations_left",
            "free_try_ons_left",
            "role",
        ]

    def validate_avatar_url(self, value: str) -> str:
        if value and not value.startswith("https://"):
            raise serializers.ValidationError(_("An address starts with https://."))
        return value


class BalanceSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["balance", "free_generations_left", "free_try_ons_left"]


class UserForAdminSerializer(serializers.ModelSerializer):
    free_generations = serializers.IntegerField(source="free_generations_left")
    free_try_ons = serializers.IntegerField(source="free_try_ons_left")

    class Meta:
        model = User
        fields = [
            "id",
            "email",
            "name",
            "balance",
            "role",
            "free_generations",
            "free_try_ons",
            "created_at",
        ]


class RefreshSerializer(serializers.Serializer[Any]):
    refresh_token = serializers.CharField(max_length=8192)


class LogoutSerializer(serializers.Serializer[Any]):
    refresh_token = serializers.CharField(required=False, max_length=8192)


class TokenPairSerializer(serializers.Serializer[Any]):
    """Both spellings, because the older web client reads the second."""

    access_token = serializers.CharField()
    refresh_token = serializers.CharField()
    token_type = serializers.CharField()
    accessToken = serializers.CharField()  # noqa: N815 - as that client spells it
    refreshToken = serializers.CharField()  # noqa: N815 - as above


class AccountMessageSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()
