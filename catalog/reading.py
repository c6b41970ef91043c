"""Products as the API shows them, read without an instance of any model.

What is asked for most, lists, search and one product, is shown by this; everything else by
ProductSerializer, which says the same ten times as slowly. A test compares them.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from functools import cache, lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Case, F, JSONField, OuterRef, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import get_language

from catalog import pictures
from catalog.models import Product, ProductQuerySet, ProductVariant, average, why
from core.bodies import MAX_ID
from core.pagination import MAX_LIMIT

Row = dict[str, Any]
Statement = tuple[str, tuple[Any, ...]]
# The ORM's own SQL is made once for each way of reading: making it takes as long as all the rest.
GIVEN: Any = object()  # stands in it for what each call gives
A_KEY = RawSQL("%s::bigint", [GIVEN])

VARIANT = JSONObject(
    id="id",
    size="size",
    colour="colour",
    sku="sku",
    price="price",
    stock="stock",
    available=F("stock") - F("reserved"),
    rental_units="rental_units",
    is_active="is_active",
)
RENTAL_TERMS = JSONObject(
    price_per_day="rental_terms__price_per_day",
    deposit="rental_terms__deposit",
    min_days="rental_terms__min_days",
    max_days="rental_terms__max_days",
    buffer_days="rental_terms__buffer_days",
    late_fee_per_day="rental_terms__late_fee_per_day",
)


def _in_every_language(field: str) -> JSONObject:
    return JSONObject(first=field, kk=f"{field}_kk", en=f"{field}_en")


# What is read under the name by which it is shown; the same for every request.
READ: dict[str, Any] = {
    "id": "id",
    "shop_id": "shop_id",
    "shop_name": "shop__shop_name",
    "category_id": "category_id",
    "name": _in_every_language("name"),
    "description": _in_every_language("description"),
    "price": "price",
    "characteristics": "characteristics",
    "images": "images",
    "pictures": "picture_facts",
    "variants": ArraySubquery(
        ProductVariant.objects.filter(product=OuterRef("pk")).order_by("pk").values(json=VARIANT)
    ),
    "rental_terms": Case(
        When(rental_terms__isnull=False, then=RENTAL_TERMS), output_field=JSONField()
    ),
    "rent_expires_at": "rent_expires_at",
    "is_active": "is_active",
    "moderation_status": "moderation_status",
    "moderation_reason": "moderation_reason",
    "moderation_notes": "moderation_notes",
    "views_count": "views_count",
    "try_ons_count": "try_ons_count",
    "purchases_count": "purchases_count",
    "rating": "rating_sum",
    "reviews_count": "reviews_count",
    "created_at": "created_at",
    "updated_at": "updated_at",
}


def products(pks: Iterable[int]) -> list[Row]:
    """The JSON of these products in this order, whoever may see them; in one query.

    Those that do not exist are left out.
    """
    wanted = list(pks)
    read = {row["id"]: row for row in _read(_any_of_them(), wanted)}
    return [read[pk] for pk in wanted if pk in read]


def visible(pk: int) -> Row | None:
    """The JSON of one product as shoppers see it, or None where they do not."""
    return next(iter(_read(one_visible(), pk)), None) if pk <= MAX_ID else None


def newest(*, before: int, most: int) -> list[Row]:
    """The JSON of the newest that shoppers see, of those with smaller keys than `before`."""
    return _read(visible_before(most), before)


def _read(statement: Statement, given: Any) -> list[Row]:
    sql, values = statement
    with connection.cursor() as cursor:
        cursor.execute(sql, [given if value is GIVEN else value for value in values])
        rows = cursor.fetchall()
    zone = timezone.get_current_timezone()
    return [_shown(row, zone) for row in rows]


@cache
def _any_of_them() -> Statement:
    keys = RawSQL("SELECT unnest(%s::bigint[])", [GIVEN])
    return _compiled(Product.objects.filter(pk__in=keys))


@cache
def one_visible() -> Statement:
    """SQL that reads one product if shoppers see it; GIVEN is its key."""
    return _compiled(Product.objects.visible().filter(pk=A_KEY))


@lru_cache(MAX_LIMIT + 1)
def visible_before(most: int) -> Statement:
    """SQL that reads so many of the newest with smaller keys than GIVEN."""
    older = Product.objects.visible().filter(pk__lt=A_KEY)
    return _compiled(older.order_by("-pk")[:most])


def _compiled(rows: ProductQuerySet) -> Statement:
    return rows.values_list(*READ.values()).query.sql_with_params()


def _shown(values: Sequence[Any], zone: tzinfo) -> Row:
    """The row as JSON has it; what PostgreSQL made or keeps as JSON comes as its text."""
    row = dict(zip(READ, values, strict=True))
    names = json.loads(row["images"])
    public = names if row["moderation_status"] == Product.Moderation.APPROVED else ()
    shown = pictures.told(names, json.loads(row["pictures"]), public)
    return row | {
        "name": _in_callers_language(row["name"]),
        "description": _in_callers_language(row["description"]),
        "price": float(row["price"]),
        "characteristics": json.loads(row["characteristics"]),
        "images": [picture["url"] for picture in shown],
        "pictures": shown,
        "variants": [json.loads(variant) for variant in row["variants"]],
        "rental_terms": row["rental_terms"] and json.loads(row["rental_terms"]),
        "rent_expires_at": _moment(row["rent_expires_at"], zone),
        "moderation_notes": why(row["moderation_reason"], row["moderation_notes"]),
        "rating": average(row["rating"], row["reviews_count"]),
        "is_favorite": None,  # see catalog.favourites.marking
        "created_at": _moment(row["created_at"], zone),
        "updated_at": _moment(row["updated_at"], zone),
    }


def _in_callers_language(words: str) -> str:
    said: dict[str, str] = json.loads(words)
    return said.get((get_language() or "")[:2]) or said["first"]


def _moment(value: datetime | None, zone: tzinfo) -> str | None:
    return value.astimezone(zone).isoformat() if value else None
