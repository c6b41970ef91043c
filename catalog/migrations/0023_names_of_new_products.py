"""A product that is added while its shop or category gets another name is found by the new one.

Neither sees what the other has not committed yet, so one waits for the other: who adds a product, or
moves it, shares a lock on the names, and who changes a name holds it alone.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION lock_of_name(of_table text, id bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT hashtextextended(of_table || ' ' || id, 0) $$;

CREATE FUNCTION share_names() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(lock_of_name('shops', NEW.shop_id));
  PERFORM pg_advisory_xact_lock_shared(lock_of_name('product_categories', NEW.category_id))
    WHERE NEW.category_id IS NOT NULL;
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
