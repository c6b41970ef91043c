from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import RequestKey
from accounts.signatures import points

Algorithm = RequestKey.Algorithm


class RequestKeySerializer(serializers.ModelSerializer):
    """A key for signing; signatures name it by its `key_id`."""

    class Meta:
        model = RequestKey
        fields = ["id", "key_id", "algorithm", "name", "created_at", "last_used_at"]
        read_only_fields = fields


class NewKeySerializer(serializers.Serializer[Any]):
    """A device sends its Ed25519 public key (base64 of 32 bytes, or PEM); a partner sends none."""

    name = serializers.CharField(max_length=100)
    algorithm = serializers.ChoiceField(Algorithm.choices)
    public_key = serializers.CharField(required=False, max_length=1000)

    def validate_public_key(self, value: str) -> bytes:
        try:
            return points.read(value)
        except ValueError as error:
            text = _("Send an Ed25519 public key: 32 bytes in base64, or PEM.")
            raise serializers.ValidationError(text) from error

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("public_key" in attrs) != (attrs["algorithm"] == Algorithm.ED25519):
            text = _("A device sends its public key; a partner is given a secret.")
            raise serializers.ValidationError({"public_key": text})
        return attrs


class RegisteredKeySerializer(RequestKeySerializer):
    """The new key; `secret` (base64) is there for partners, and shown this once."""

    secret = serializers.CharField(required=False)

    class Meta(RequestKeySerializer.Meta):
        fields = [*RequestKeySerializer.Meta.fields, "secret"]
