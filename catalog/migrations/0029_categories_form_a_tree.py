"""No category is part of itself, whoever moves others meanwhile; loops of before are cut open."""

from django.db import migrations

FORWARD = """
WITH RECURSIVE above (id, other) AS (
  SELECT id, parent_id FROM product_categories WHERE parent_id IS NOT NULL
  UNION
  SELECT above.id, parent_id FROM above JOIN product_categories c ON c.id = above.other
   WHERE parent_id IS NOT NULL
)
UPDATE product_categories SET parent_id = NULL
 WHERE id IN (SELECT id FROM above WHERE other = id);

CREATE FUNCTION refuse_loop_of_categories() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  -- One at a time, so that two who move each other's branches see each other.
  PERFORM pg_advisory_xact_lock(hashtext('tree of categories'));
  IF EXISTS (
    WITH RECURSIVE above (id) AS (
      SELECT NEW.parent_id
      UNION
      SELECT parent_id FROM product_categories JOIN above USING (id)
    )
    SELECT FROM above WHERE id = NEW.id
  ) THEN
    RAISE 'category % is part of itself', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'categories_form_a_tree';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER categories_form_a_tree BEFORE INSERT OR UPDATE OF parent_id ON product_categories
  FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION refuse_loop_of_categories();
"""
BACKWARD = """
DROP TRIGGER categories_form_a_tree ON product_categories;
DROP FUNCTION refuse_loop_of_categories();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0028_facet_counts")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
