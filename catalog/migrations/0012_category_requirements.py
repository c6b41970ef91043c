import django.contrib.postgres.fields
from django.db import migrations, models

import catalog.size_charts


class Migration(migrations.Migration):
    dependencies = [("catalog", "0011_stock_movements")]

    operations = [
        migrations.AddField(
            "category",
            "size_chart",
            models.JSONField(blank=True, default=list, help_text='For each size the measures of the body in cm: [{"size": "M", "chest": [88, 92], "waist": 74}]', validators=[catalog.size_charts.check], verbose_name="size chart"),
        ),
        migrations.AddField(
            "category",
            "required_characteristics",
            django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=list, help_text="Products without them cannot be submitted.", size=None, verbose_name="required characteristics"),
        ),
    ]
