"""Counts of all that is on sale, kept for each shop, so that nobody waits while all is counted.

The worker counts each minute what has changed. Shops that have changed since, or were never
counted, are counted by whoever asks: the counts are exact at any time.
"""

from django.db import connection, transaction
from django.db.models.expressions import RawSQL

from catalog.models import Product, ProductQuerySet
from catalog.tables import FacetCount

READ = ("id", "category_id", "shop_id", "price")  # of a product that is counted
PRICES = (0, 5_000, 10_000, 20_000, 50_000, 100_000)  # KZT; where each bucket begins

UNCOUNTED = """
SELECT id FROM shops WHERE is_active AND is_approved
   AND NOT EXISTS (SELECT FROM facet_counts WHERE shop_id = shops.id)
"""
STALE = f"SELECT shop_id FROM facet_changes UNION {UNCOUNTED}"  # noqa: S608 - ours
COUNTED = """
INSERT INTO facet_counts (shop_id, kind, value, count)
SELECT product.shop_id, kind, value, count(*)
  FROM ({found}) AS product JOIN product_facets ON product_id = product.id
 CROSS JOIN LATERAL (
   SELECT 'category', category_id::text UNION ALL SELECT 'shop', shop_id::text
   UNION ALL SELECT 'price', (width_bucket(price, %s::numeric[]) - 1)::text
   UNION ALL SELECT 'size', unnest(sizes) UNION ALL SELECT 'color', unnest(colours)
 ) AS each (kind, value)
 WHERE value IS NOT NULL GROUP BY product.shop_id, kind, value
"""


def stale() -> list[int]:
    """The shops whose counts are not those of now."""
    with connection.cursor() as cursor:
        cursor.execute(STALE)
        return [shop for (shop,) in cursor.fetchall()]


@transaction.atomic
def keep_up() -> int:
    """Count the shops that are stale; returns how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE facet_counts IN SHARE ROW EXCLUSIVE MODE")
        # Only then: what changes from now on is noted anew, and may be counted twice, never missed.
        cursor.execute("DELETE FROM facet_changes RETURNING shop_id")
        shops = {shop for (shop,) in cursor.fetchall()}
        cursor.execute(UNCOUNTED)
        shops |= {shop for (shop,) in cursor.fetchall()}
        FacetCount.objects.filter(shop_id__in=shops).delete()
        found, values = of_shops(list(shops)).values(*READ).query.sql_with_params()
        cursor.execute(COUNTED.format(found=found), [*values, [*PRICES]])
    return len(shops)


def of_shops(shops: list[int]) -> ProductQuerySet:
    """What they have on sale."""
    wanted = RawSQL("SELECT unnest(%s::bigint[])", [shops])
    return Product.objects.visible().filter(shop_id__in=wanted)
