import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0006_product_languages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Favourite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("product", models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="favourites", to="catalog.product")),
                ("user", models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="favourites", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "db_table": "favorites",
                "constraints": [models.UniqueConstraint(fields=("user", "product"), name="favourite_once")],
            },
        ),
    ]
