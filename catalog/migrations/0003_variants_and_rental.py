import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_categories'),
    ]

    operations = [
        migrations.AddField(
            model_name='category',
            name='returnable',
            field=models.BooleanField(default=True, help_text='Within 14 days, unless worn.', verbose_name='may be returned'),
        ),
        migrations.CreateModel(
            name='ProductVariant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.CharField(blank=True, max_length=20, verbose_name='size')),
                ('colour', models.CharField(blank=True, max_length=40, verbose_name='colour')),
                ('sku', models.CharField(blank=True, max_length=60, verbose_name='SKU')),
                ('price', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='own price, ₸')),
                ('stock', models.PositiveIntegerField(blank=True, null=True, verbose_name='in stock')),
                ('reserved', models.PositiveIntegerField(default=0, editable=False, verbose_name='reserved')),
                ('rental_units', models.PositiveSmallIntegerField(default=0, verbose_name='pieces for rent')),
                ('is_active', models.BooleanField(default=True, verbose_name='offered')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='variants', to='catalog.product', verbose_name='product')),
            ],
            options={
                'verbose_name': 'variant',
                'verbose_name_plural': 'variants',
                'db_table': 'product_variants',
                'constraints': [models.UniqueConstraint(fields=('product', 'size', 'colour'), name='variant_once'), models.CheckConstraint(condition=models.Q(('price', None), models.Q(('price__gt', 0), ('price__lte', 100000000)), _connector='OR'), name='variant_price_sane'), models.CheckConstraint(condition=models.Q(('stock', None), models.Q(('stock__gte', models.F('reserved')), ('stock__lte', 100000)), _connector='OR'), name='variant_reserved_is_in_stock'), models.CheckConstraint(condition=models.Q(('rental_units__lte', 100)), name='variant_rental_units_sane')],
            },
        ),
        migrations.CreateModel(
            name='RentalTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('price_per_day', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='price per day, ₸')),
                ('deposit', models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='deposit, ₸')),
                ('min_days', models.PositiveSmallIntegerField(default=1, verbose_name='shortest rental, days')),
                ('max_days', models.PositiveSmallIntegerField(default=14, verbose_name='longest rental, days')),
                ('buffer_days', models.PositiveSmallIntegerField(default=1, verbose_name='cleaning, days')),
                ('late_fee_per_day', models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='fee for a day too late, ₸')),
                ('product', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='rental_terms', to='catalog.product', verbose_name='product')),
            ],
            options={
                'verbose_name': 'terms of rental',
                'verbose_name_plural': 'terms of rental',
                'db_table': 'rental_terms',
                'constraints': [models.CheckConstraint(condition=models.Q(('price_per_day__gt', 0), ('price_per_day__lte', 100000000)), name='rental_price_sane'), models.CheckConstraint(condition=models.Q(('deposit__gte', 0), ('deposit__lte', 100000000)), name='rental_deposit_sane'), models.CheckConstraint(condition=models.Q(('late_fee_per_day__gte', 0), ('late_fee_per_day__lte', 100000000)), name='rental_late_fee_sane'), models.CheckConstraint(condition=models.Q(('max_days__gte', models.F('min_days')), ('max_days__lte', 60), ('min_days__gte', 1)), name='rental_days_sane'), models.CheckConstraint(condition=models.Q(('buffer_days__lte', 14)), name='rental_buffer_sane')],
            },
        ),
        migrations.RunSQL(
            """
            INSERT INTO product_variants
              (product_id, size, colour, sku, reserved, rental_units, is_active)
            SELECT id, '', '', '', 0, 0, true FROM products
            """,
            migrations.RunSQL.noop,
        ),
    ]
