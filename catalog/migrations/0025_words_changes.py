"""Which products' words a search engine has yet to be told; kept by a trigger on the words."""

from django.db import migrations, models

FORWARD = """
CREATE SEQUENCE product_words_change_numbers;

-- Changes of one product wait for each other at its words, so the last has the highest number.
CREATE FUNCTION note_changed_words() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO product_words_changes (product_id, number)
  VALUES (coalesce(NEW.product_id, OLD.product_id), nextval('product_words_change_numbers'))
  ON CONFLICT (product_id) DO UPDATE SET number = nextval('product_words_change_numbers');
  RETURN NULL;
END $$;

CREATE TRIGGER note_new_words AFTER INSERT OR DELETE ON product_words
  FOR EACH ROW EXECUTE FUNCTION note_changed_words();
CREATE TRIGGER note_other_words AFTER UPDATE ON product_words
  FOR EACH ROW WHEN (OLD.document IS DISTINCT FROM NEW.document)
  EXECUTE FUNCTION note_changed_words();
"""
BACKWARD = """
DROP TRIGGER note_other_words ON product_words;
DROP TRIGGER note_new_words ON product_words;
DROP FUNCTION note_changed_words();
DROP SEQUENCE product_words_change_numbers;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0024_picture_descriptors")]

    operations = [
        migrations.CreateModel(
            name="WordsChange",
            fields=[
                ("product_id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(editable=False)),
            ],
            options={"db_table": "product_words_changes"},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
