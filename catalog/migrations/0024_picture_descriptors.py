from django.db import migrations

import core.bits


class Migration(migrations.Migration):

    dependencies = [
        ("catalog", "0023_names_of_new_products"),
    ]

    operations = [
        migrations.AddField(
            model_name='picturelook',
            name='descriptor',
            field=core.bits.BitsField(256, null=True),
        ),
    ]
