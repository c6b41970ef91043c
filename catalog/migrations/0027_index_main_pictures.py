"""In a migration of its own: an index cannot wait for rows that were written just before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0026_main_pictures")]

    operations = [
        migrations.AddIndex(
            model_name="picturelook",
            index=models.Index(
                condition=models.Q(("is_main", True)),
                fields=["product"],
                include=["descriptor"],
                name="picture_look_main",
            ),
        ),
    ]
