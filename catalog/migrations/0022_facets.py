"""What shoppers choose a product's variants by, kept by triggers in a table that is quickly read."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION add_product_facets() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO product_facets (product_id, sizes, colours) VALUES (NEW.id, '{}', '{}');
  RETURN NULL;
END $$;

CREATE FUNCTION product_choices(wanted bigint, OUT sizes text[], OUT colours text[])
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT coalesce(array_agg(DISTINCT size) FILTER (WHERE size <> ''), '{}'),
         coalesce(array_agg(DISTINCT lower(colour)) FILTER (WHERE colour <> ''), '{}')
    FROM product_variants WHERE product_id = wanted AND is_active
$$;

-- The row is held before the variants are read: who comes second sees what the first has written.
CREATE FUNCTION renew_product_facets() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  changed bigint := coalesce(NEW.product_id, OLD.product_id);
BEGIN
  PERFORM FROM product_facets WHERE product_id = changed FOR UPDATE;
  UPDATE product_facets SET (sizes, colours) = (SELECT * FROM product_choices(changed))
   WHERE product_id = changed;
  RETURN NULL;
END $$;

CREATE TRIGGER add_facets AFTER INSERT ON products
  FOR EACH ROW EXECUTE FUNCTION add_product_facets();
CREATE TRIGGER renew_facets_with_variant AFTER INSERT ON product_variants
  FOR EACH ROW EXECUTE FUNCTION renew_product_facets();
CREATE TRIGGER renew_facets_with_other_variant AFTER UPDATE ON product_variants FOR EACH ROW
  WHEN ((OLD.size, OLD.colour, OLD.is_active) IS DISTINCT FROM (NEW.size, NEW.colour, NEW.is_active))
  EXECUTE FUNCTION renew_product_facets();
CREATE TRIGGER renew_facets_without_variant AFTER DELETE ON product_variants
  FOR EACH ROW EXECUTE FUNCTION renew_product_facets();

INSERT INTO product_facets (product_id, sizes, colours)
SELECT id, chosen.sizes, chosen.colours FROM products, product_choices(id) AS chosen;
"""
BACKWARD = """
DROP TRIGGER renew_facets_without_variant ON product_variants;
DROP TRIGGER renew_facets_with_other_variant ON product_variants;
DROP TRIGGER renew_facets_with_variant ON product_variants;
DROP TRIGGER add_facets ON products;
DROP FUNCTION renew_product_facets();
DROP FUNCTION product_choices(bigint);
DROP FUNCTION add_product_facets();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0021_guard_moderators")]

    operations = [
        migrations.CreateModel(
            name='ProductFacets',
            fields=[
                ('product', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='facets', serialize=False, to='catalog.product')),
                ('sizes', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), editable=False, size=None)),
                ('colours', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), editable=False, size=None)),
            ],
            options={
                'db_table': 'product_facets',
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
