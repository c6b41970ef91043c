from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0013_alerts")]

    operations = [
        migrations.RunSQL("SELECT guard_erased_people();", migrations.RunSQL.noop),
    ]
