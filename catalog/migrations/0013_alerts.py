import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0012_category_requirements"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("back_in_stock", "Back in stock"), ("price_drop", "Cheaper")], editable=False, max_length=13)),
                ("price", models.DecimalField(decimal_places=2, editable=False, max_digits=12, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("product", models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="alerts", to="catalog.product")),
                ("user", models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="alerts", to=settings.AUTH_USER_MODEL)),
                ("variant", models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="alerts", to="catalog.productvariant")),
            ],
            options={
                "db_table": "product_alerts",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "product", "variant", "kind"), name="alert_once", nulls_distinct=False),
                    models.CheckConstraint(condition=models.Q(models.Q(("kind", "back_in_stock"), ("price", None)), models.Q(("kind", "price_drop"), ("price__isnull", False)), _connector="OR"), name="alert_of_a_price_has_one"),
                ],
            },
        ),
    ]
