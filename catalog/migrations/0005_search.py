"""What products are found by. The triggers keep it, so that no way of writing can forget it."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.operations import CreateExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models

FORWARD = """
-- The configuration "russian" stems words in Latin letters as English and all others as Russian.
CREATE FUNCTION product_document(wanted bigint) RETURNS tsvector
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT setweight(to_tsvector('russian', unaccent(product.name)), 'A')
      || setweight(to_tsvector('russian', unaccent(concat_ws(' ',
           category.name_ru, category.name_kk, category.name_en,
           (SELECT string_agg(colour, ' ') FROM product_variants
             WHERE product_id = wanted AND is_active)))), 'B')
      || setweight(to_tsvector('russian', unaccent(concat_ws(' ', shop.shop_name,
           (SELECT string_agg(value, ' ') FROM jsonb_each_text(product.characteristics))))), 'C')
      || setweight(to_tsvector('russian', unaccent(product.description)), 'D')
    FROM products product
    JOIN shops shop ON shop.id = product.shop_id
    LEFT JOIN product_categories category ON category.id = product.category_id
   WHERE product.id = wanted
$$;

CREATE FUNCTION add_product_words() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO product_words (product_id, document) VALUES (NEW.id, product_document(NEW.id));
  RETURN NULL;
END $$;

-- The rows are held before they are read: whoever comes second sees what the first has written.
CREATE FUNCTION renew_product_words() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  changed bigint[];
BEGIN
  IF TG_TABLE_NAME = 'products' THEN
    changed := ARRAY[NEW.id];
  ELSIF TG_TABLE_NAME = 'product_variants' THEN
    changed := ARRAY[coalesce(NEW.product_id, OLD.product_id)];
  ELSIF TG_TABLE_NAME = 'shops' THEN
    changed := ARRAY(SELECT id FROM products WHERE shop_id = NEW.id);
  ELSE
    changed := ARRAY(SELECT id FROM products WHERE category_id = NEW.id);
  END IF;
  PERFORM FROM product_words WHERE product_id = ANY (changed) ORDER BY product_id FOR UPDATE;
  UPDATE product_words SET document = product_document(product_id)
   WHERE product_id = ANY (changed);
  RETURN NULL;
END $$;

CREATE TRIGGER add_words AFTER INSERT ON products
  FOR EACH ROW EXECUTE FUNCTION add_product_words();
CREATE TRIGGER renew_words AFTER UPDATE ON products FOR EACH ROW
  WHEN ((OLD.name, OLD.description, OLD.characteristics, OLD.category_id, OLD.shop_id)
    IS DISTINCT FROM (NEW.name, NEW.description, NEW.characteristics, NEW.category_id, NEW.shop_id))
  EXECUTE FUNCTION renew_product_words();
CREATE TRIGGER renew_words_with_colour AFTER INSERT ON product_variants FOR EACH ROW
  WHEN (NEW.colour <> '') EXECUTE FUNCTION renew_product_words();
CREATE TRIGGER renew_words_with_other_colour AFTER UPDATE ON product_variants FOR EACH ROW
  WHEN ((OLD.colour, OLD.is_active) IS DISTINCT FROM (NEW.colour, NEW.is_active))
  EXECUTE FUNCTION renew_product_words();
CREATE TRIGGER renew_words_without_colour AFTER DELETE ON product_variants FOR EACH ROW
  WHEN (OLD.colour <> '') EXECUTE FUNCTION renew_product_words();
CREATE TRIGGER renew_words AFTER UPDATE ON shops FOR EACH ROW
  WHEN (OLD.shop_name <> NEW.shop_name) EXECUTE FUNCTION renew_product_words();
CREATE TRIGGER renew_words AFTER UPDATE ON product_categories FOR EACH ROW
  WHEN ((OLD.name_ru, OLD.name_kk, OLD.name_en)
    IS DISTINCT FROM (NEW.name_ru, NEW.name_kk, NEW.name_en))
  EXECUTE FUNCTION renew_product_words();

INSERT INTO product_words (product_id, document) SELECT id, product_document(id) FROM products;
"""
BACKWARD = """
DROP TRIGGER renew_words ON product_categories;
DROP TRIGGER renew_words ON shops;
DROP TRIGGER renew_words_without_colour ON product_variants;
DROP TRIGGER renew_words_with_other_colour ON product_variants;
DROP TRIGGER renew_words_with_colour ON product_variants;
DROP TRIGGER renew_words ON products;
DROP TRIGGER add_words ON products;
DROP FUNCTION renew_product_words();
DROP FUNCTION add_product_words();
DROP FUNCTION product_document(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_alter_productvariant_options"), ("shops", "0003_identities")]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        CreateExtension("fuzzystrmatch"),
        migrations.CreateModel(
            name='KnownWord',
            fields=[
                ('word', models.CharField(db_collation='C', max_length=40, primary_key=True, serialize=False)),
                ('stem', models.CharField(db_index=True, max_length=40)),
                ('root', models.CharField(db_index=True, max_length=40)),
                ('sound', models.CharField(db_index=True, max_length=120)),
                ('products_count', models.PositiveIntegerField()),
            ],
            options={
                'db_table': 'known_words',
            },
        ),
        migrations.CreateModel(
            name='ProductWords',
            fields=[
                ('product', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='words', serialize=False, to='catalog.product')),
                ('document', django.contrib.postgres.search.SearchVectorField(editable=False)),
            ],
            options={
                'db_table': 'product_words',
            },
        ),
        migrations.RemoveIndex(model_name='product', name='product_on_sale'),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(condition=models.Q(('deleted_at', None), ('is_active', True), ('moderation_status', 'approved')), fields=['-id'], include=('shop', 'category', 'price'), name='product_on_sale'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(condition=models.Q(('is_active', True)), fields=['price', '-id'], name='product_by_price'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(condition=models.Q(('is_active', True)), fields=['-purchases_count', '-id'], name='product_by_purchases'),
        ),
        migrations.AddIndex(
            model_name='knownword',
            index=django.contrib.postgres.indexes.GinIndex(fields=['sound'], name='known_word_sound_trigrams', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddIndex(
            model_name='productwords',
            index=django.contrib.postgres.indexes.GinIndex(fields=['document'], name='product_words_document'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
