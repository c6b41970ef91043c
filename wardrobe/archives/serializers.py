from typing import Any
from zipfile import is_zipfile

from django.utils.translation import gettext as _
from rest_framework import serializers

from core.errors import Refusal
from wardrobe.archives import exporting
from wardrobe.models import WardrobeArchive


class NotAnArchive(Refusal):
    code = "unsupported_format"
    status = 415


class WardrobeArchiveSerializer(serializers.ModelSerializer):
    """`urls` open the files of an export for whoever holds them, for 7 days.

    `report` of an import counts and lists what became of the items, or has the `code` of a failure.
    """

    urls = serializers.SerializerMethodField()
    report = serializers.DictField()

    class Meta:
        model = WardrobeArchive
        fields = ["id", "kind", "status", "urls", "report", "created_at", "finished_at"]
        read_only_fields = fields

    def get_urls(self, archive: WardrobeArchive) -> list[str]:
        return exporting.urls(archive)


class WardrobeImportSerializer(serializers.Serializer[Any]):
    """A file of an export, as it was downloaded."""

    file = serializers.FileField()

    def content(self) -> bytes:
        """Its bytes; raises NotAnArchive."""
        file = self.validated_data["file"]
        if not is_zipfile(file):
            raise NotAnArchive(_("Send a ZIP file of an exported wardrobe."))
        file.seek(0)
        content: bytes = file.read()
        return content
