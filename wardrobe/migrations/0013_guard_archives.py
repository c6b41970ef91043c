from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('wardrobe', '0012_archives'),
    ]

    operations = [
        migrations.RunSQL("SELECT guard_erased_people();", migrations.RunSQL.noop),
    ]
