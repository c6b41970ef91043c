import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0014_guard_alerts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProductReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(choices=[("counterfeit", "A counterfeit"), ("forbidden", "May not be sold"), ("misleading", "Not what is shown or described"), ("offensive", "Offensive"), ("fraud", "Fraud"), ("other", "Something else")], max_length=11, verbose_name="reason")),
                ("comment", models.CharField(blank=True, max_length=1000, verbose_name="comment")),
                ("decision", models.CharField(blank=True, choices=[("dismissed", "Dismissed"), ("taken_down", "Product taken down")], max_length=10, verbose_name="decision")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="reported")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("decided_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="decided by")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="reports", to="catalog.product", verbose_name="product")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="product_reports", to=settings.AUTH_USER_MODEL, verbose_name="reported by")),
            ],
            options={
                "db_table": "product_reports",
                "verbose_name": "report of a product",
                "verbose_name_plural": "reports of products",
                "indexes": [models.Index(condition=models.Q(("decision", "")), fields=["id"], name="product_report_undecided")],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "product"), name="product_reported_once"),
                    models.CheckConstraint(condition=models.Q(models.Q(("decided_at", None), ("decision", "")), models.Q(("decided_at__isnull", False), ("decision__in", ["dismissed", "taken_down"])), _connector="OR"), name="product_report_decision_known"),
                ],
            },
        ),
    ]
