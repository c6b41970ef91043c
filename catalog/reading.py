"""Products on sale as shoppers see them, made by PostgreSQL as the JSON that is sent.

What is asked for most, lists, search and one product, is shown by this; everything else by
ProductSerializer, which says the same twenty times as slowly. A test compares them.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language

from catalog.models import Product, ProductQuerySet
from core import prepared, storage
from core.bodies import MAX_ID
from core.pagination import MAX_LIMIT


class Given(StrEnum):
    """What each call gives to a statement that is made once."""

    KEY = "key"
    LANGUAGE = "language"
    READER = "reader"
    LASTING = "lasting"
    ZONE = "zone"


class Shown(NamedTuple):
    """A product: its keys, and all that is told of it."""

    pk: int
    shop_id: int
    json: orjson.Fragment


class Statement(NamedTuple):
    """SQL, and its values in order, of which those that are Given are still to come."""

    sql: str
    values: tuple[Any, ...]


# In one line: psycopg takes longer texts apart anew at every call.
JSON = " ".join(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split())
# In one row that comes when all is there: many are sent, and waited for, by 8 kB.
AS_COLUMNS = "SELECT array_agg(pk), array_agg(shop_id), array_agg(json)"
ALWAYS = {
    # Where anybody finds the pictures of what is on sale, see catalog.pictures.told.
    Given.LASTING: f"{settings.API_BASE_URL}{storage.URL_PREFIX}",
    Given.ZONE: settings.TIME_ZONE,
}


def products(keys: Iterable[int], reader: int | None) -> list[orjson.Fragment]:
    """The JSON of those of these products that are on sale, in this order; in one query.

    `reader` is the person who is told which of them are put aside, if any.
    """
    wanted = list(keys)
    found = {shown.pk: shown.json for shown in _all(_any_of_them(), wanted, reader)}
    return [found[pk] for pk in wanted if pk in found]


def one(pk: int, reader: int | None) -> Shown | None:
    """One product, or None where shoppers do not see it."""
    rows = _read(one_visible(), pk, reader) if pk <= MAX_ID else []
    return next(map(_shown, rows), None)


def newest(*, before: int, most: int, reader: int | None) -> list[Shown]:
    """The newest on sale, of those with smaller keys than `before`."""
    return _all(visible_before(most), before, reader)


def _all(statement: Statement, key: Any, reader: int | None) -> list[Shown]:
    [columns] = _read(statement, key, reader)
    return list(map(_shown, zip(*(column or () for column in columns), strict=True)))


def _read(statement: Statement, key: Any, reader: int | None) -> list[tuple[Any, ...]]:
    return prepared.rows(statement.sql, values(statement, key, reader))


def _shown(row: tuple[Any, ...]) -> Shown:
    pk, shop_id, json = row
    return Shown(pk, shop_id, orjson.Fragment(json))


def values(statement: Statement, key: Any, reader: int | None) -> list[Any]:
    """The statement's values, and the language of whoever asks among them."""
    language = (get_language() or "")[:2]
    given = {**ALWAYS, Given.KEY: key, Given.LANGUAGE: language, Given.READER: reader}
    return [given[one] if isinstance(one, Given) else one for one in statement.values]


@cache
def _any_of_them() -> Statement:
    keys = _raw("SELECT unnest({key}::bigint[])")
    return _in_one_row(Product.objects.visible().filter(pk__in=keys))


@cache
def one_visible() -> Statement:
    """SQL that reads one product if shoppers see it."""
    return _compiled(Product.objects.visible().filter(pk=_raw("{key}::bigint")))


@lru_cache(MAX_LIMIT + 1)
def visible_before(most: int) -> Statement:
    """SQL that reads so many of the newest with smaller keys."""
    older = Product.objects.visible().filter(pk__lt=_raw("{key}::bigint"))
    return _in_one_row(older.order_by("-pk")[:most])


def _in_one_row(rows: ProductQuerySet) -> Statement:
    sql, values = _compiled(rows)
    return Statement(f"{AS_COLUMNS} FROM ({sql}) AS page (pk, shop_id, json)", values)


def _compiled(rows: ProductQuerySet) -> Statement:
    return Statement(*rows.values_list("pk", "shop_id", _raw(JSON)).query.sql_with_params())


def _raw(sql: str) -> RawSQL:
    """The expression, with what is named in braces given by each call."""
    names = re.findall(r"{(\w+)}", sql)
    values = [Given(name) for name in names]
    return RawSQL(sql.format(**dict.fromkeys(names, "%s")), values)  # noqa: S611 - it is our own
