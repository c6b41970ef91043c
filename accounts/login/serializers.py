from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from accounts.providers.id_tokens import one_line
from accounts.serializers import ACCOUNT_TYPES, PLATFORMS, UserSerializer
from core import strict_json
from core.plain_text import Unreadable
from shops.serializers import ShopSerializer


class GoogleLoginSerializer(serializers.Serializer[Any]):
    """`id_token` from a phone, or `code` (and its `state`) from the web; exactly one of them.

    `nonce` is the one that the id_token was asked with, or what it is the SHA-256 of.
    """

    id_token = serializers.CharField(required=False, max_length=8192)
    nonce = serializers.CharField(required=False, max_length=256)
    code = serializers.CharField(required=False, max_length=2048)
    state = serializers.CharField(required=False, allow_blank=True, max_length=2048, default="")
    account_type = serializers.ChoiceField(ACCOUNT_TYPES)
    platform = serializers.ChoiceField(PLATFORMS, default="mobile")


class AppleNameSerializer(serializers.Serializer[Any]):
    """As Apple spells it; the other parts of a name that it knows are left out."""

    tolerated = frozenset({"middleName", "namePrefix", "nameSuffix", "nickname"})

    firstName = serializers.CharField(  # noqa: N815 - as Apple spells it
        default="", allow_blank=True, allow_null=True, max_length=100
    )
    lastName = serializers.CharField(  # noqa: N815 - as above
        default="", allow_blank=True, allow_null=True, max_length=100
    )


class AppleUserSerializer(serializers.Serializer[Any]):
    """What Apple tells the client about a person, the first time only. Nobody signs it.

    The address in it is not looked at: the id_token tells it, signed.
    """

    tolerated = frozenset({"email"})

    name = AppleNameSerializer(required=False, allow_null=True)


class AppleLoginSerializer(GoogleLoginSerializer):
    user_data = AppleUserSerializer(required=False, allow_null=True)


class AppleFormSerializer(serializers.Serializer[Any]):
    """The form that Apple's page sends through the browser."""

    code = serializers.CharField(required=False, max_length=2048)
    state = serializers.CharField(required=False, max_length=2048)
    user = serializers.CharField(required=False, help_text="JSON, the first time only")
    error = serializers.CharField(required=False)


class OwnShopSerializer(serializers.Serializer[Any]):
    """Nothing: the token says who asks."""


class LoginAnswerSerializer(serializers.Serializer[Any]):
    access_token = serializers.CharField()
    refresh_token = serializers.CharField()
    token_type = serializers.CharField()
    account_type = serializers.ChoiceField(ACCOUNT_TYPES)
    platform = serializers.ChoiceField(PLATFORMS)
    user = UserSerializer(required=False)
    shop = ShopSerializer(required=False)


class UrlQuerySerializer(serializers.Serializer[Any]):
    account_type = serializers.ChoiceField(ACCOUNT_TYPES, default="user")
    platform = serializers.ChoiceField(PLATFORMS, default="web")


class UrlAnswerSerializer(UrlQuerySerializer):
    authorization_url = serializers.URLField()


def name_in(user_data: Mapping[str, Any] | None) -> str:
    """The full name in validated `user_data`, or nothing."""
    name = (user_data or {}).get("name") or {}
    return one_line(f"{name.get('firstName') or ''} {name.get('lastName') or ''}")


def name_in_form(field: str) -> str:
    """The full name in the `user` field of Apple's form; a field that makes no sense has none."""
    try:
        user = AppleUserSerializer(data=strict_json.parsed(field))
    except Unreadable:
        return ""
    return name_in(user.validated_data) if user.is_valid() else ""
