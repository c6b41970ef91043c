from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0015_product_reports")]

    operations = [
        migrations.RunSQL("SELECT guard_erased_people();", migrations.RunSQL.noop),
    ]
