from typing import Any

from rest_framework import serializers


class SettingSerializer(serializers.Serializer[Any]):
    """A platform setting as text, and what it is."""

    key = serializers.CharField()
    value = serializers.CharField(source="text")
    description = serializers.CharField()


class SettingChangeSerializer(serializers.Serializer[Any]):
    value = serializers.CharField(max_length=50)


class SettingMessageSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()
