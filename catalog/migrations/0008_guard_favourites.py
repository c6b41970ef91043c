from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0007_favourites"), ("config", "0001_erased_people")]

    operations = [
        migrations.RunSQL("SELECT guard_erased_people();", migrations.RunSQL.noop),
    ]
