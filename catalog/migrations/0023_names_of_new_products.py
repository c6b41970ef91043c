"""A product that is added while its shop or category gets another name is found by the new one.

Neither sees what the other has not committed yet, so one waits for the other: who adds a product, or
moves it, shares a lock on the names, and who changes a name holds it alone.

A product holds the rows of its shop and category before that, as its foreign keys would only when
all is committed: who has a row to rename waits for the name, and must not be waited for.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION lock_of_name(of_table text, id bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT hashtextextended(of_table || ' ' || id, 0) $$;

CREATE FUNCTION share_names() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  -- A product that stays is known to who renames: they meet at its words, which it may hold already.
  has_come boolean := NEW.shop_id IS DISTINCT FROM OLD.shop_id;
  is_filed boolean := NEW.category_id IS DISTINCT FROM OLD.category_id
    AND NEW.category_id IS NOT NULL;
BEGIN
  PERFORM FROM shops WHERE has_come AND id = NEW.shop_id FOR KEY SHARE;
  PERFORM FROM product_categories WHERE is_filed AND id = NEW.category_id FOR KEY SHARE;
  PERFORM pg_advisory_xact_lock_shared(lock_of_name('shops', NEW.shop_id)) WHERE has_come;
  PERFORM pg_advisory_xact_lock_shared(lock_of_name('product_categories', NEW.category_id))
    WHERE is_filed;
  RETURN NEW;
END $$;

CREATE FUNCTION hold_name() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(lock_of_name(TG_TABLE_NAME, NEW.id));
  RETURN NEW;
END $$;

CREATE TRIGGER share_names_of_new BEFORE INSERT ON products
  FOR EACH ROW EXECUTE FUNCTION share_names();
CREATE TRIGGER share_names_of_moved BEFORE UPDATE ON products FOR EACH ROW
  WHEN ((OLD.category_id, OLD.shop_id) IS DISTINCT FROM (NEW.category_id, NEW.shop_id))
  EXECUTE FUNCTION share_names();
CREATE TRIGGER hold_name BEFORE UPDATE ON shops FOR EACH ROW
  WHEN (OLD.shop_name <> NEW.shop_name) EXECUTE FUNCTION hold_name();
CREATE TRIGGER hold_name BEFORE UPDATE ON product_categories FOR EACH ROW
  WHEN ((OLD.name_ru, OLD.name_kk, OLD.name_en)
    IS DISTINCT FROM (NEW.name_ru, NEW.name_kk, NEW.name_en))
  EXECUTE FUNCTION hold_name();
"""
BACKWARD = """
DROP TRIGGER hold_name ON product_categories;
DROP TRIGGER hold_name ON shops;
DROP TRIGGER share_names_of_moved ON products;
DROP TRIGGER share_names_of_new ON products;
DROP FUNCTION hold_name();
DROP FUNCTION share_names();
DROP FUNCTION lock_of_name(text, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0022_facets"), ("shops", "0003_identities")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
