"""Nobody who is erased may be named as a moderator afterwards."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("catalog", "0020_revisions_and_leases"),
        ("config", "0001_erased_people"),
    ]

    operations = [
        migrations.RunSQL("SELECT guard_erased_people()", migrations.RunSQL.noop),
    ]
