"""How many of some products there are of each kind: what a shopper may narrow a list by next."""

from typing import Any

from django.db import connection

from catalog.models import Category, ProductQuerySet
from shops.models import Shop

Counts = list[tuple[str, int]]
KINDS = ("total", "category", "shop", "size", "color", "price")
MOST = 100  # of each kind, those with most products
PRICES = (0, 5_000, 10_000, 20_000, 50_000, 100_000)  # KZT; where each bucket begins

# The products are found once; the counts are exact.
COUNTS = """
WITH found AS MATERIALIZED ({found}),
sizes AS (
  SELECT DISTINCT product_id, size FROM product_variants JOIN found ON product_id = found.id
   WHERE is_active AND size <> ''
),
colours AS (
  SELECT DISTINCT product_id, lower(colour) AS colour
    FROM product_variants JOIN found ON product_id = found.id
   WHERE is_active AND colour <> ''
),
counted AS (
  SELECT 'total' AS kind, '' AS value, count(*) AS count FROM found
  UNION ALL
  SELECT 'category', category_id::text, count(*) FROM found
   WHERE category_id IS NOT NULL GROUP BY category_id
  UNION ALL
  SELECT 'shop', shop_id::text, count(*) FROM found GROUP BY shop_id
  UNION ALL
  SELECT 'price', (width_bucket(price, %s::numeric[]) - 1)::text, count(*) FROM found
   GROUP BY width_bucket(price, %s::numeric[])
  UNION ALL
  SELECT 'size', size, count(*) FROM sizes GROUP BY size
  UNION ALL
  SELECT 'color', colour, count(*) FROM colours GROUP BY colour
)
SELECT kind, value, count FROM (
  SELECT *, row_number() OVER (PARTITION BY kind ORDER BY count DESC, value) AS place FROM counted
) AS placed WHERE place <= %s ORDER BY kind, place
"""


def facets(products: ProductQuerySet) -> dict[str, Any]:
    """Counts of the products by category, shop, size, colour and price, in three queries."""
    counts = _counts(products)
    [(_, total)] = counts["total"]
    return {
        "total": total,
        "categories": _named(Category, counts["category"]),
        "shops": _named(Shop, counts["shop"]),
        "sizes": [{"value": value, "count": count} for value, count in counts["size"]],
        "colors": [{"value": value, "count": count} for value, count in counts["color"]],
        "prices": sorted(map(_bucket, counts["price"]), key=lambda each: each["price_min"]),
    }


def _counts(products: ProductQuerySet) -> dict[str, Counts]:
    wanted = products.order_by().values("id", "category_id", "shop_id", "price")
    found, values = wanted.query.sql_with_params()
    counts: dict[str, Counts] = {kind: [] for kind in KINDS}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS.format(found=found), [*values, [*PRICES], [*PRICES], MOST])
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
