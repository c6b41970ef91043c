"""What each shop's products on sale come to, and which shops have to be counted anew.

Changes are rows of their own, so that nobody waits for another who changes the same shop.
"""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION note_facet_change() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_TABLE_NAME = 'shops' THEN
    INSERT INTO facet_changes (shop_id) VALUES (NEW.id);
  ELSIF TG_TABLE_NAME = 'product_facets' THEN
    INSERT INTO facet_changes (shop_id) SELECT shop_id FROM products WHERE id = NEW.product_id;
  ELSE
    INSERT INTO facet_changes (shop_id)
    SELECT DISTINCT shop FROM unnest(ARRAY[OLD.shop_id, NEW.shop_id]) AS shop
     WHERE shop IS NOT NULL;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER note_facets_of_new AFTER INSERT ON products FOR EACH ROW
  WHEN (NEW.is_active) EXECUTE FUNCTION note_facet_change();
CREATE TRIGGER note_facets_of_changed AFTER UPDATE ON products FOR EACH ROW
  WHEN ((OLD.is_active OR NEW.is_active) AND
    (OLD.shop_id, OLD.category_id, OLD.price, OLD.is_active, OLD.moderation_status, OLD.deleted_at)
    IS DISTINCT FROM
    (NEW.shop_id, NEW.category_id, NEW.price, NEW.is_active, NEW.moderation_status, NEW.deleted_at))
  EXECUTE FUNCTION note_facet_change();
CREATE TRIGGER note_facets_of_gone AFTER DELETE ON products FOR EACH ROW
  WHEN (OLD.is_active) EXECUTE FUNCTION note_facet_change();
CREATE TRIGGER note_facets AFTER UPDATE ON product_facets FOR EACH ROW
  WHEN ((OLD.sizes, OLD.colours) IS DISTINCT FROM (NEW.sizes, NEW.colours))
  EXECUTE FUNCTION note_facet_change();
CREATE TRIGGER note_facets AFTER UPDATE ON shops FOR EACH ROW
  WHEN ((OLD.is_active, OLD.is_approved) IS DISTINCT FROM (NEW.is_active, NEW.is_approved))
  EXECUTE FUNCTION note_facet_change();
"""
BACKWARD = """
DROP TRIGGER note_facets ON shops;
DROP TRIGGER note_facets ON product_facets;
DROP TRIGGER note_facets_of_gone ON products;
DROP TRIGGER note_facets_of_changed ON products;
DROP TRIGGER note_facets_of_new ON products;
DROP FUNCTION note_facet_change();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0027_index_main_pictures")]

    operations = [
        migrations.CreateModel(
            name="FacetChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shop_id", models.BigIntegerField(editable=False)),
            ],
            options={"db_table": "facet_changes"},
        ),
        migrations.CreateModel(
            name="FacetCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shop_id", models.BigIntegerField(db_index=True, editable=False)),
                ("kind", models.CharField(editable=False, max_length=8)),
                ("value", models.TextField(editable=False)),
                ("count", models.PositiveIntegerField(editable=False)),
            ],
            options={"db_table": "facet_counts"},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
