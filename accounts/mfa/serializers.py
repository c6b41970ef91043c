from typing import Any

from allauth.mfa.models import Authenticator
from rest_framework import serializers


class CodeSerializer(serializers.Serializer[Any]):
    """Six digits of the authenticator app, or a recovery code."""

    code = serializers.CharField(max_length=20)


class SecondFactorSerializer(serializers.Serializer[Any]):
    """What the account's person has set up, and when this session showed it."""

    enrolled = serializers.BooleanField()
    methods = serializers.ListField(child=serializers.ChoiceField(Authenticator.Type.choices))
    verified_at = serializers.DateTimeField(allow_null=True)
