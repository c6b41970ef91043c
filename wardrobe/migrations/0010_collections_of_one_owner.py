from django.db import migrations

# A collection holds nothing of anybody else.
OF_ONE_OWNER = """
ALTER TABLE wardrobe_collection_items
  ADD CONSTRAINT collected_in_own_collection FOREIGN KEY (collection_id, user_id)
    REFERENCES wardrobe_collections (id, user_id) DEFERRABLE INITIALLY DEFERRED,
  ADD CONSTRAINT collected_of_own_items FOREIGN KEY (item_id, user_id)
    REFERENCES user_wardrobe_items (id, user_id) DEFERRABLE INITIALLY DEFERRED;
SELECT guard_erased_people();
"""
OF_ANYBODY = """
ALTER TABLE wardrobe_collection_items
  DROP CONSTRAINT collected_in_own_collection, DROP CONSTRAINT collected_of_own_items;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('wardrobe', '0009_collections'),
    ]

    operations = [
        migrations.RunSQL(OF_ONE_OWNER, OF_ANYBODY),
    ]
