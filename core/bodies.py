"""What a view takes from a body: what its serializer names, and nothing else."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.serializers import Field, ListField, ListSerializer, Serializer

MAX_ID = 2**53  # what a JSON number still tells apart
SHOWN_FIELDS = 20
SHOWN_LETTERS = 100


def valid(serializer: Serializer) -> dict[str, Any]:
    """The validated data; ValidationError names every field that is unknown, repeated or wrong.

    Fields that are read only, and those that the serializer lists in `tolerated`, may be sent,
    because clients send back what they got; they change nothing.
    """
    if refused := _unexpected(serializer, serializer.initial_data):
        raise ValidationError(refused)
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data


def _unexpected(field: Field | None, sent: Any) -> dict[str, Any]:
    """What nobody asked for, in the shape of a serializer's errors."""
    if isinstance(field, ListField | ListSerializer) and isinstance(sent, list):
        errors = {str(place): _unexpected(field.child, each) for place, each in enumerate(sent)}
        return {place: error for place, error in errors.items() if error}
    if not (isinstance(field, Serializer) and isinstance(sent, Mapping)):
        return {}
    inner = {name: _unexpected(each, sent[name]) for name, each in _sent_fields(field, sent)}
    nested = {name: errors for name, errors in inner.items() if errors}
    return _unknown(field, sent) | _repeated(field, sent) | nested


def _sent_fields(serializer: Serializer, sent: Mapping[str, Any]) -> list[tuple[str, Field]]:
    return [(name, field) for name, field in serializer.fields.items() if name in sent]


def _unknown(serializer: Serializer, sent: Mapping[str, Any]) -> dict[str, Any]:
    known = serializer.fields.keys() | getattr(serializer, "tolerated", set())
    unknown = (name for name in sent if name not in known)
    error = ErrorDetail(_("There is no such field."), code="unknown_field")
    return {name[:SHOWN_LETTERS]: [error] for name in islice(unknown, SHOWN_FIELDS)}


def _repeated(serializer: Serializer, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a form that came more than once and hold one value."""
    if not isinstance(sent, QueryDict):
        return {}
    error = ErrorDetail(_("Send this once."), code="repeated")
    return {
        name: [error]
        for name, field in _sent_fields(serializer, sent)
        if len(sent.getlist(name)) > 1 and not isinstance(field, ListField)
    }
