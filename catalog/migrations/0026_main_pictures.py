"""Which picture of a product is its main one, kept by triggers: search compares these alone."""

from django.db import migrations, models

FORWARD = """
-- The product is held until the picture is written, or another order of its pictures would miss it.
CREATE FUNCTION note_main_look() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  SELECT coalesce(images ->> 0 = NEW.name, false) INTO NEW.is_main
    FROM products WHERE id = NEW.product_id FOR SHARE;
  RETURN NEW;
END $$;

CREATE FUNCTION change_main_look() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  UPDATE picture_looks SET is_main = NOT is_main
   WHERE product_id = NEW.id AND is_main <> coalesce(name = NEW.images ->> 0, false);
  RETURN NULL;
END $$;

CREATE TRIGGER note_main BEFORE INSERT ON picture_looks
  FOR EACH ROW EXECUTE FUNCTION note_main_look();
CREATE TRIGGER change_main_look AFTER UPDATE ON products FOR EACH ROW
  WHEN (OLD.images ->> 0 IS DISTINCT FROM NEW.images ->> 0) EXECUTE FUNCTION change_main_look();

UPDATE picture_looks SET is_main = true
  FROM products WHERE products.id = product_id AND images ->> 0 = picture_looks.name;
"""
BACKWARD = """
DROP TRIGGER change_main_look ON products;
DROP TRIGGER note_main ON picture_looks;
DROP FUNCTION change_main_look();
DROP FUNCTION note_main_look();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0025_words_changes")]

    operations = [
        migrations.AddField(
            model_name="picturelook",
            name="is_main",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
