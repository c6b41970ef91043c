"""How many of some products there are of each kind: what a shopper may narrow a list by next."""

import hashlib
from typing import Any

from django.core.cache import caches
from django.db import connection

from catalog.models import Category, ProductQuerySet
from catalog.search import facet_counts
from catalog.search.facet_counts import PRICES
from shops.models import Shop

Counts = list[tuple[str, int]]
KINDS = ("category", "shop", "price", "size", "color")
MOST = 100  # of each kind, those with most products

# The products are read once, and counted in each way at once; products with the same sizes, or the
# same colours, together. The counts are exact.
COUNTS = """
WITH found AS (
  SELECT category_id, shop_id, width_bucket(price, %s::numeric[]) - 1 AS bucket, sizes, colours
    FROM ({found}) AS product JOIN product_facets ON product_id = product.id
),
counted AS (
  SELECT CASE 0 WHEN GROUPING(category_id) THEN 'category' WHEN GROUPING(shop_id) THEN 'shop'
                WHEN GROUPING(bucket) THEN 'price' WHEN GROUPING(sizes) THEN 'size'
                ELSE 'color' END AS kind,
         coalesce(sizes, colours, ARRAY[coalesce(category_id, shop_id, bucket)::text]) AS values,
         count(*) AS count
    FROM found GROUP BY GROUPING SETS (category_id, shop_id, bucket, sizes, colours)
   {kept}
),
placed AS (
  SELECT kind, value, sum(count)::bigint AS count,
         row_number() OVER (PARTITION BY kind ORDER BY sum(count) DESC, value) AS place
    FROM counted, unnest(values) AS value WHERE value IS NOT NULL GROUP BY kind, value
)
SELECT kind, value, count FROM placed WHERE place <= %s ORDER BY kind, place
"""
KEPT = """UNION ALL
  SELECT kind, ARRAY[value], count FROM facet_counts WHERE shop_id <> ALL (%s::bigint[])
"""


def facets(products: ProductQuerySet) -> dict[str, Any]:
    """Counts of the products by category, shop, size, colour and price, in three queries.

    A process that has just counted the same products does not count them anew: a few seconds old.
    """
    asked = statement(products)
    key = f"facets:{hashlib.sha256(repr(asked).encode()).hexdigest()}"
    return _told(caches["process"].get_or_set(key, lambda: _counted(*asked)))


def facets_of_all() -> dict[str, Any]:
    """The same of all that is on sale, in four queries; few products are read for it."""
    return _told(caches["process"].get_or_set("facets", _counted_all))


def statement(products: ProductQuerySet, kept: str = "") -> tuple[str, list[Any]]:
    """The SQL that counts these products, and its values."""
    wanted = products.order_by().values(*facet_counts.READ)
    found, values = wanted.query.sql_with_params()
    return COUNTS.format(found=found, kept=kept), [[*PRICES], *values, MOST]


def _counted_all() -> dict[str, Counts]:
    stale = facet_counts.stale()
    sql, [prices, *values, most] = statement(facet_counts.of_shops(stale), KEPT)
    return _counted(sql, [prices, *values, stale, most])


def _told(counts: Any) -> dict[str, Any]:
    return {
        "total": sum(count for _, count in counts["price"]),
        "categories": _named(Category, counts["category"]),
        "shops": _named(Shop, counts["shop"]),
        "sizes": [{"value": value, "count": count} for value, count in counts["size"]],
        "colors": [{"value": value, "count": count} for value, count in counts["color"]],
        "prices": sorted(map(_bucket, counts["price"]), key=lambda each: each["price_min"]),
    }


def _counted(sql: str, values: list[Any]) -> dict[str, Counts]:
    counts: dict[str, Counts] = {kind: [] for kind in KINDS}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for kind, value, count in cursor.fetchall():
            counts[kind].append((value, count))
    return counts


def _named(model: type[Category | Shop], counts: Counts) -> list[dict[str, Any]]:
    rows: dict[int, Any] = model._default_manager.in_bulk([int(pk) for pk, _ in counts])
    known = ((rows[int(pk)], count) for pk, count in counts if int(pk) in rows)
    return [{"id": row.pk, "name": str(row), "count": count} for row, count in known]


def _bucket(counted: tuple[str, int]) -> dict[str, Any]:
    place, count = int(counted[0]), counted[1]
    end = PRICES[place + 1] if place + 1 < len(PRICES) else None
    return {"price_min": PRICES[place], "price_max": end, "count": count}
