"""Lists: pages by cursor, and by `skip`/`limit` or `page`/`per_page` for the older clients."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

MAX_LIMIT = 100
DEFAULT_LIMIT = 50
PARAMETERS = [
    OpenApiParameter("cursor", str, description="`next_cursor` of the page before"),
    OpenApiParameter("limit", int, description="Rows of a page: 1 to 100, 50 unless told"),
    OpenApiParameter("skip", int, description="Older clients: rows to leave out; adds `total`"),
    OpenApiParameter("page", int, description="Older clients: page from 1; adds `total`"),
    OpenApiParameter("per_page", int, description="Older clients: the same as `limit`"),
    OpenApiParameter("page_size", int, description="Older clients: the same as `limit`"),
    OpenApiParameter("with_total", bool, description="`1` adds `total` to a page by cursor"),
]
CURSOR = re.compile(r"(?:(?P<value>-?[0-9]{1,15}(?:\.[0-9]{1,2})?):)?(?P<pk>[1-9][0-9]{0,17})")
NEWEST = 10**18 - 1  # a cursor before all rows
Serialize = Callable[[Sequence[Any]], Any]


def paginated(
    request: Request, rows: QuerySet, key: str, serialize: Serialize, *, by: str = "-pk"
) -> Response:
    """Answer `{key: [...], next_cursor}`, sorted `by` a number of each row, then newest first.

    `total`, `page`, `page_size` and `has_more` are added only when `skip`, `page` or `with_total`
    was sent. Nonsense in a number is taken for its default.
    """
    limit = limit_of(request.query_params)
    rows = rows.order_by(by, "-pk")
    asked_for_total = {"skip", "page", "with_total"} & request.query_params.keys()
    skip = skip_of(request.query_params, limit)
    found = list(_after_cursor(request, rows, by)[skip : skip + limit + 1])
    page = page_with_next(key, found, serialize, limit, by)
    if asked_for_total:
        page |= {"total": rows.count(), "page": skip // limit + 1, "page_size": limit}
        page["has_more"] = len(found) > limit
    return Response(page)


def page_with_next(
    key: str, found: Sequence[Any], serialize: Serialize, limit: int, by: str
) -> dict[str, Any]:
    """What is told of a page, of which one row more was read than is shown."""
    shown = found[:limit]
    cursor = _cursor(shown[-1], by) if len(found) > limit else None
    return {key: serialize(shown), "next_cursor": cursor}


def plain_page(asked: QueryDict) -> tuple[int, int] | None:
    """The key below which a page begins, and how long it is; None where anything else is asked."""
    found = CURSOR.fullmatch(asked.get("cursor") or str(NEWEST))
    if asked.keys() - {"cursor", "limit"} or not found or found["value"] is not None:
        return None
    return int(found["pk"]), limit_of(asked)


def page_of(key: str, rows: type[Serializer]) -> Any:
    """The shape of a page of such rows, for the OpenAPI document."""
    number = partial(serializers.IntegerField, required=False)
    return inline_serializer(
        f"{rows.__name__.removesuffix('Serializer')}Page",
        {
            key: rows(many=True),
            "next_cursor": serializers.CharField(allow_null=True),
            "total": number(),
            "page": number(),
            "page_size": number(),
            "has_more": serializers.BooleanField(required=False),
        },
    )


def limit_of(asked: QueryDict) -> int:
    """How many rows were asked for, between 1 and 100."""
    limit = _number(asked, "limit", "per_page", "page_size", default=DEFAULT_LIMIT)
    return min(max(limit, 1), MAX_LIMIT)


def skip_of(asked: QueryDict, limit: int) -> int:
    """How many rows to leave out, from `skip` or `page`."""
    skip = _number(asked, "skip", default=0)
    page = _number(asked, "page", default=1)
    return min(max(skip, (page - 1) * limit, 0), 2**31)


def bare_list(request: Request, rows: QuerySet, serialize: Serialize) -> Response:
    """Answer a plain JSON list, as the older clients expect under `users/me/…`."""
    limit = limit_of(request.query_params)
    skip = skip_of(request.query_params, limit)
    return Response(serialize(list(rows.order_by("-pk")[skip : skip + limit])))


def _after_cursor(request: Request, rows: QuerySet, by: str) -> QuerySet:
    found = CURSOR.fullmatch(request.query_params.get("cursor", ""))
    if not found or (found["value"] is None) != (by == "-pk"):
        return rows
    pk, value = int(found["pk"]), found["value"]
    if value is None:
        return rows.filter(pk__lt=pk)
    name, further = by.removeprefix("-"), "lt" if by.startswith("-") else "gt"
    older = Q(**{name: Decimal(value), "pk__lt": pk})
    # The first condition says nothing new, and lets an index begin at the right place.
    bound = Q(**{f"{name}__{further}e": Decimal(value)})
    return rows.filter(bound, Q(**{f"{name}__{further}": Decimal(value)}) | older)


def _cursor(row: Any, by: str) -> str:
    return f"{row.pk}" if by == "-pk" else f"{getattr(row, by.removeprefix('-'))}:{row.pk}"


def _number(asked: QueryDict, *names: str, default: int) -> int:
    for name in names:
        if (text := asked.get(name)) is not None:
            sane = text.removeprefix("-").isdecimal() and len(text) <= len(str(2**62))
            return int(text) if sane else default
    return default
