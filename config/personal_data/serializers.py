from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts import consents
from accounts.models import Consent, DataExport
from config.personal_data import export


class ConsentSerializer(serializers.ModelSerializer):
    """`is_current`: neither withdrawn nor replaced by a newer version of the text."""

    is_current = serializers.SerializerMethodField()

    class Meta:
        model = Consent
        fields = ["kind", "version", "is_current", "given_at", "withdrawn_at"]
        read_only_fields = fields

    def get_is_current(self, consent: Consent) -> bool:
        newest = consents.current_version(consent.kind)
        return consent.withdrawn_at is None and consent.version == newest


class AgreementSerializer(serializers.Serializer[Any]):
    """The kind and the version of the text that was read."""

    kind = serializers.ChoiceField(Consent.Kind.choices)
    version = serializers.CharField(max_length=30)


class SectionSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    text = serializers.CharField()


class ConsentTextSerializer(serializers.Serializer[Any]):
    """What is agreed to, in the caller's language."""

    kind = serializers.ChoiceField(Consent.Kind.choices)
    version = serializers.CharField()
    title = serializers.CharField()
    sections = SectionSerializer(many=True)


class ExportSerializer(serializers.ModelSerializer):
    """`url` opens the archive for whoever holds it; both are gone after 7 days."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = DataExport
        fields = ["id", "status", "url", "created_at", "finished_at"]
        read_only_fields = fields

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_url(self, asked: DataExport) -> str | None:
        return export.url(asked) if asked.status == DataExport.Status.READY else None
