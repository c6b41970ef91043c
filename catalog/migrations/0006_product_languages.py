"""Names and descriptions in Kazakh and English, which products are found by, too."""

from django.db import migrations, models

DOCUMENT = """
CREATE OR REPLACE FUNCTION product_document(wanted bigint) RETURNS tsvector
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT setweight(to_tsvector('russian', unaccent({names})), 'A')
      || setweight(to_tsvector('russian', unaccent(concat_ws(' ',
           category.name_ru, category.name_kk, category.name_en,
           (SELECT string_agg(colour, ' ') FROM product_variants
             WHERE product_id = wanted AND is_active)))), 'B')
      || setweight(to_tsvector('russian', unaccent(concat_ws(' ', shop.shop_name,
           (SELECT string_agg(value, ' ') FROM jsonb_each_text(product.characteristics))))), 'C')
      || setweight(to_tsvector('russian', unaccent({descriptions})), 'D')
    FROM products product
    JOIN shops shop ON shop.id = product.shop_id
    LEFT JOIN product_categories category ON category.id = product.category_id
   WHERE product.id = wanted
$$;
DROP TRIGGER renew_words ON products;
CREATE TRIGGER renew_words AFTER UPDATE ON products FOR EACH ROW
  WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION renew_product_words();
"""
BEFORE = ["name", "description", "characteristics", "category_id", "shop_id"]
NOW = [*BEFORE, "name_kk", "name_en", "description_kk", "description_en"]


def _document(names, descriptions, columns):
    old, new = (", ".join(f"{row}.{name}" for name in columns) for row in ("OLD", "NEW"))
    return DOCUMENT.format(names=names, descriptions=descriptions, old=old, new=new)


FORWARD = _document(
    "concat_ws(' ', product.name, product.name_kk, product.name_en)",
    "concat_ws(' ', product.description, product.description_kk, product.description_en)",
    NOW,
)
BACKWARD = _document("product.name", "product.description", BEFORE)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_search")]

    operations = [
        migrations.AddField(
            "product", "name_kk",
            models.CharField(blank=True, default="", max_length=200, verbose_name="name in Kazakh"),
            preserve_default=False,
        ),
        migrations.AddField(
            "product", "name_en",
            models.CharField(blank=True, default="", max_length=200, verbose_name="name in English"),
            preserve_default=False,
        ),
        migrations.AddField(
            "product", "description_kk",
            models.TextField(blank=True, default="", max_length=2000, verbose_name="description in Kazakh"),
            preserve_default=False,
        ),
        migrations.AddField(
            "product", "description_en",
            models.TextField(blank=True, default="", max_length=2000, verbose_name="description in English"),
            preserve_default=False,
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
