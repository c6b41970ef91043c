from django.db import migrations


FORWARD = """
-- An order that was read before its buyer was erased cannot bring the address back.
CREATE TRIGGER refuse_address_of_erased BEFORE UPDATE OF delivery_address ON orders
  FOR EACH ROW
  WHEN (NEW.delivery_address <> '' AND NEW.delivery_address IS DISTINCT FROM OLD.delivery_address)
  EXECUTE FUNCTION refuse_erased_person('user_id');
"""
BACKWARD = "DROP TRIGGER refuse_address_of_erased ON orders"


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0002_lifecycle'),
    ]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
