import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0007_payment_lifecycle'),
        ('catalog', '0003_variants_and_rental'),
        ('shops', '0003_identities'),
    ]

    operations = [
        migrations.CreateModel(
            name='CommissionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('percent', models.DecimalField(decimal_places=2, default=0, max_digits=5, verbose_name='percent')),
                ('fixed', models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='fixed amount for a piece, ₸')),
                ('minimum', models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='at least for a piece, ₸')),
                ('maximum', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='at most for a piece, ₸')),
                ('is_active', models.BooleanField(default=True, verbose_name='in force')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='commission_rules', to='catalog.category', verbose_name='category')),
                ('shop', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='commission_rules', to='shops.shop', verbose_name='shop')),
            ],
            options={
                'verbose_name': 'commission rule',
                'verbose_name_plural': 'commission rules',
                'db_table': 'commission_rules',
                'constraints': [models.CheckConstraint(condition=models.Q(('percent__gte', 0), ('percent__lte', 100)), name='commission_percent_sane'), models.CheckConstraint(condition=models.Q(('fixed__gte', 0), ('fixed__lte', 100000000)), name='commission_fixed_sane'), models.CheckConstraint(condition=models.Q(('minimum__gte', 0), ('minimum__lte', 100000000)), name='commission_minimum_sane'), models.CheckConstraint(condition=models.Q(('maximum', None), models.Q(('maximum__gte', models.F('minimum')), ('maximum__lte', 100000000)), _connector='OR'), name='commission_maximum_sane'), models.CheckConstraint(condition=models.Q(('shop', None), ('category', None), _connector='OR'), name='commission_rule_has_one_target'), models.UniqueConstraint(condition=models.Q(('is_active', True), ('shop__isnull', False)), fields=('shop',), name='one_commission_rule_per_shop'), models.UniqueConstraint(condition=models.Q(('category__isnull', False), ('is_active', True)), fields=('category',), name='one_commission_rule_per_category'), models.UniqueConstraint(condition=models.Q(('category', None), ('is_active', True), ('shop', None)), fields=('is_active',), name='one_default_commission_rule')],
            },
        ),
    ]
