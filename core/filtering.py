"""Narrowing a list by what the address asks for."""

from typing import Any, TypeVar

from django.db.models import QuerySet
from django_filters.utils import translate_validation
from rest_framework.request import Request

RowsT = TypeVar("RowsT", bound=QuerySet[Any])


def narrowed(request: Request, filters: Any, rows: RowsT) -> RowsT:
    """The rows that pass the filter set; a value that makes no sense is 422 with its name."""
    wanted = filters(request.query_params, queryset=rows)
    if not wanted.is_valid():
        raise translate_validation(wanted.errors)
    passed: RowsT = wanted.qs
    return passed
