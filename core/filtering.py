"""Narrowing a list by what the address asks for."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django_filters.utils import translate_validation
from rest_framework.request import Request

RowT = TypeVar("RowT", bound=Model)


def narrowed(request: Request, filters: Any, rows: QuerySet[RowT]) -> QuerySet[RowT]:
    """The rows that pass the filter set; a value that makes no sense is 422 with its name."""
    wanted = filters(request.query_params, queryset=rows)
    if not wanted.is_valid():
        raise translate_validation(wanted.errors)
    passed: QuerySet[RowT] = wanted.qs
    return passed
