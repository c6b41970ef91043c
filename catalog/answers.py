"""What most requests ask for, as the bytes that are sent: the newest products, and one of them.

The views give it to everybody. To strangers, who are most, it is given without a view, see
`config.quick_reads`.
"""

from collections.abc import Sequence
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest
from django.utils.translation import get_language
from orjson import Fragment

from catalog import reading
from catalog.counting import views
from core.pagination import DEFAULT_LIMIT, NEWEST, page_with_next, plain_page
from core.rendering import written

FIRST_PAGE_SECONDS = 2


def newest(*, before: int, limit: int, reader: int | None) -> bytes:
    """A page of the newest on sale, of those with smaller keys than `before`."""

    def page() -> bytes:
        rows = reading.newest(before=before, most=limit + 1, reader=reader)
        return written(page_with_next("products", rows, _json, limit, "-pk"))

    if reader is not None or before != NEWEST or limit > DEFAULT_LIMIT:
        return page()
    # What strangers ask for most; it is read anew for one of them, and not for each.
    key = f"first-page:{limit}:{get_language()}"
    kept: Any = caches["process"].get_or_set(key, page, FIRST_PAGE_SECONDS)
    return bytes(kept)


def looked_at(shown: reading.Shown, caller: object, user_agent: str) -> bytes:
    """One product, counted as seen where a shopper asks; `caller` is their Principal, if any."""
    if views.is_counted(shown.shop_id, caller, user_agent):
        views.count(shown.pk)
    return written(shown.json)


def page_for_strangers(request: HttpRequest) -> bytes | None:
    """None where more is asked for than a plain page."""
    page = plain_page(request.GET)
    return newest(before=page[0], limit=page[1], reader=None) if page else None


def product_for_strangers(request: HttpRequest, pk: str) -> bytes | None:
    """None where strangers see no such product."""
    shown = reading.one(int(pk), None)
    return shown and looked_at(shown, None, request.META.get("HTTP_USER_AGENT", ""))


def _json(newest: Sequence[reading.Shown]) -> list[Fragment]:
    return [each.json for each in newest]
