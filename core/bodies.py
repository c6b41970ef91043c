"""What a view takes from a body: what its serializer names, and nothing else."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.serializers import Serializer


def valid(serializer: Serializer) -> dict[str, Any]:
    """The validated data; ValidationError names every field that is wrong or unknown.

    Fields that are read only may be sent, because clients send back what they got; they change
    nothing.
    """
    unknown = {
        name: [ErrorDetail(_("There is no such field."), code="unknown_field")]
        for name in _sent_names(serializer) - serializer.fields.keys()
    }
    if unknown:
        raise ValidationError(unknown)
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data


def _sent_names(serializer: Serializer) -> set[str]:
    sent = serializer.initial_data
    return set(sent) if hasattr(sent, "keys") else set()
