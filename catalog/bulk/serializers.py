from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.models import ProductImport, ProductImportError

MOST_ERRORS = 500  # in one answer


class ProductImportErrorSerializer(serializers.ModelSerializer):
    """What is wrong with a cell, or with a row where `column` is empty."""

    class Meta:
        model = ProductImportError
        fields = ["row", "column", "code", "detail"]
        read_only_fields = fields


class ProductImportSerializer(serializers.ModelSerializer):
    """How a sheet stands. Counts are of products, and foretell while it is only `checked`.

    `position` products of `products_count` are gone through. `errors` are the first 500 by row;
    `failure_code` and `failure` say why a sheet has `failed`.
    """

    # A field of that name hides nothing of DRF's: its metaclass takes it out of the class.
    errors = serializers.SerializerMethodField()  # type: ignore[assignment]

    class Meta:
        model = ProductImport
        fields = [
            *("id", "status", "file_name", "has_pictures", *ProductImport.COUNTS, "errors"),
            *("failure_code", "failure", "created_at", "finished_at"),
        ]
        read_only_fields = fields

    @extend_schema_field(ProductImportErrorSerializer(many=True))
    def get_errors(self, job: ProductImport) -> list[dict[str, Any]]:
        rows: Any = ProductImportErrorSerializer(job.errors.all()[:MOST_ERRORS], many=True).data
        return list(rows)


class SheetSerializer(serializers.Serializer[Any]):
    """A sheet as CSV or XLSX, and a ZIP with the pictures that it names."""

    file = serializers.FileField()
    pictures = serializers.FileField(required=False)

    def sent(self) -> dict[str, Any]:
        """What was sent, as the domain takes it."""
        sheet, pictures = self.validated_data["file"], self.validated_data.get("pictures")
        return {
            "name": sheet.name,
            "sheet": sheet.read(),
            "pictures": pictures.read() if pictures else None,
        }


class ExportedAsSerializer(serializers.Serializer[Any]):
    format = serializers.ChoiceField(["csv", "xlsx"], default="xlsx")
