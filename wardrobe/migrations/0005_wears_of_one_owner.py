from django.db import migrations

# Nobody's diary speaks of anybody else's clothes.
OF_ONE_OWNER = """
ALTER TABLE wardrobe_wears
  ADD CONSTRAINT worn_by_its_owner FOREIGN KEY (item_id, user_id)
    REFERENCES user_wardrobe_items (id, user_id) DEFERRABLE INITIALLY DEFERRED,
  ADD CONSTRAINT worn_as_own_outfit FOREIGN KEY (outfit_id, user_id)
    REFERENCES outfits (id, user_id) DEFERRABLE INITIALLY DEFERRED;
SELECT guard_erased_people();
"""
OF_ANYBODY = """
ALTER TABLE wardrobe_wears
  DROP CONSTRAINT worn_by_its_owner, DROP CONSTRAINT worn_as_own_outfit;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('wardrobe', '0004_wears'),
    ]

    operations = [
        migrations.RunSQL(OF_ONE_OWNER, OF_ANYBODY),
    ]
