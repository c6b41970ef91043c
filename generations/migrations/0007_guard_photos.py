"""Apart from the table's own migration, whose foreign keys are made at its end."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("config", "0001_erased_people"),
        ("generations", "0006_person_photos"),
    ]
    operations = [migrations.RunSQL("SELECT guard_erased_people()", migrations.RunSQL.noop)]
