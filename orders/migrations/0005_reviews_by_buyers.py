"""Only who has had a product reviews it. Reviews lie below orders, so it is the database's rule."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_review_of_others() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM order_items item JOIN orders ON orders.id = item.order_id
     WHERE item.product_id = NEW.product_id AND orders.user_id = NEW.user_id
       AND (orders.delivered_at IS NOT NULL OR orders.status = 'completed')
  ) THEN
    RAISE EXCEPTION 'only who has had a product reviews it'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'review_by_buyer';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER review_by_buyer BEFORE INSERT ON reviews
  FOR EACH ROW EXECUTE FUNCTION refuse_review_of_others();
"""
BACKWARD = """
DROP TRIGGER review_by_buyer ON reviews;
DROP FUNCTION refuse_review_of_others();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_created_when_it_is_begun"), ("catalog", "0009_reviews")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
