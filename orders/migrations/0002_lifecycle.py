import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


# Orders of before were settled as soon as they were completed.
EARLIER_ORDERS = """
UPDATE orders SET
  items_amount = total_amount,
  stage_since = updated_at,
  paid_at = CASE WHEN status <> 'pending' THEN created_at END,
  delivered_at = CASE WHEN status = 'completed' THEN updated_at END,
  next_due_at = CASE status WHEN 'pending' THEN created_at + interval '15 minutes'
                            WHEN 'confirmed' THEN created_at + interval '3 days' END,
  stage = CASE status WHEN 'pending' THEN 'awaiting_payment' WHEN 'confirmed' THEN 'paid'
                      WHEN 'completed' THEN 'settled' ELSE 'cancelled' END;
"""
RULES = """
CREATE TRIGGER order_events_append_only BEFORE DELETE ON order_events
  FOR EACH ROW EXECUTE FUNCTION ledger_append_only();
-- What an erased person has written goes; nothing else of a step ever changes.
CREATE TRIGGER order_events_keep BEFORE UPDATE ON order_events FOR EACH ROW
  WHEN (NEW.note <> '' OR to_jsonb(OLD) - 'note' IS DISTINCT FROM to_jsonb(NEW) - 'note')
  EXECUTE FUNCTION ledger_append_only();
SELECT guard_erased_people();
"""
UNRULED = """
DROP TRIGGER order_events_keep ON order_events;
DROP TRIGGER order_events_append_only ON order_events;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0003_variants_and_rental'),
        ('billing', '0005_money_of_orders'),
        ('config', '0001_erased_people'),
        ('orders', '0001_initial'),
        ('shops', '0003_identities'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.RunSQL("DELETE FROM cart_items", migrations.RunSQL.noop),  # nothing filled carts yet
        migrations.CreateModel(
            name='Checkout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('to_pay', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='to pay')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
            ],
            options={
                'verbose_name': 'checkout',
                'verbose_name_plural': 'checkouts',
                'db_table': 'checkouts',
            },
        ),
        migrations.CreateModel(
            name='ConditionPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('moment', models.CharField(choices=[('before', 'At the handover'), ('after', 'At the return')], max_length=6, verbose_name='moment')),
                ('name', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='taken')),
            ],
            options={
                'verbose_name': 'photo of the condition',
                'verbose_name_plural': 'photos of the condition',
                'db_table': 'condition_photos',
            },
        ),
        migrations.CreateModel(
            name='DeliveryAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recipient', models.CharField(max_length=120, verbose_name='recipient')),
                ('phone', models.CharField(max_length=20, verbose_name='phone')),
                ('city', models.CharField(max_length=100, verbose_name='city')),
                ('street', models.CharField(max_length=200, verbose_name='street, house, flat')),
                ('postal_code', models.CharField(blank=True, max_length=10, verbose_name='postal code')),
                ('comment', models.CharField(blank=True, max_length=300, verbose_name='for the courier')),
                ('is_default', models.BooleanField(default=False, verbose_name='used unless told')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'delivery address',
                'verbose_name_plural': 'delivery addresses',
                'db_table': 'delivery_addresses',
            },
        ),
        migrations.CreateModel(
            name='DeliveryMethod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('flat', 'Delivery at a fixed price'), ('free_from', 'Delivery that is free from an amount on'), ('pickup', 'To be picked up at the shop')], max_length=9, verbose_name='kind')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('price', models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='price, ₸')),
                ('free_from', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='free from, ₸')),
                ('is_active', models.BooleanField(default=True, verbose_name='offered')),
            ],
            options={
                'verbose_name': 'delivery method',
                'verbose_name_plural': 'delivery methods',
                'db_table': 'delivery_methods',
            },
        ),
        migrations.CreateModel(
            name='OrderEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.CharField(max_length=24, verbose_name='step')),
                ('from_stage', models.CharField(blank=True, choices=[('awaiting_payment', 'Waiting for payment'), ('paid', 'Paid'), ('processing', 'Being prepared'), ('shipped', 'On the way'), ('delivered', 'Delivered'), ('disputed', 'Disputed'), ('return_requested', 'Return asked for'), ('booked', 'Booked'), ('in_use', 'In use'), ('overdue', 'Not brought back in time'), ('claim', 'Damage claimed'), ('completed', 'Completed'), ('completed_lost', 'Completed, not brought back'), ('closed_split', 'Closed, refunded in part'), ('return_requested_late', 'Return asked for after completion'), ('refunded_late', 'Refunded after completion'), ('settled', 'Settled'), ('cancelled', 'Cancelled'), ('cancelled_late', 'Cancelled late'), ('settled_late', 'Cancelled late and settled'), ('expired', 'Not paid in time'), ('refunded', 'Refunded')], max_length=21, verbose_name='from')),
                ('to_stage', models.CharField(choices=[('awaiting_payment', 'Waiting for payment'), ('paid', 'Paid'), ('processing', 'Being prepared'), ('shipped', 'On the way'), ('delivered', 'Delivered'), ('disputed', 'Disputed'), ('return_requested', 'Return asked for'), ('booked', 'Booked'), ('in_use', 'In use'), ('overdue', 'Not brought back in time'), ('claim', 'Damage claimed'), ('completed', 'Completed'), ('completed_lost', 'Completed, not brought back'), ('closed_split', 'Closed, refunded in part'), ('return_requested_late', 'Return asked for after completion'), ('refunded_late', 'Refunded after completion'), ('settled', 'Settled'), ('cancelled', 'Cancelled'), ('cancelled_late', 'Cancelled late'), ('settled_late', 'Cancelled late and settled'), ('expired', 'Not paid in time'), ('refunded', 'Refunded')], max_length=21, verbose_name='to')),
                ('actor', models.CharField(choices=[('user', 'buyer'), ('shop', 'shop'), ('admin', 'administrator'), ('timer', 'time limit'), ('gateway', 'payment gateway')], max_length=7, verbose_name='by')),
                ('actor_id', models.BigIntegerField(editable=False, null=True)),
                ('note', models.CharField(blank=True, max_length=1000, verbose_name='note')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
            ],
            options={
                'verbose_name': 'step of an order',
                'verbose_name_plural': 'steps of an order',
                'db_table': 'order_events',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='RentalBooking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.PositiveSmallIntegerField(verbose_name='piece')),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='days')),
                ('status', models.CharField(choices=[('held', 'Held until paid'), ('booked', 'Booked'), ('out', 'With the customer'), ('returned', 'Returned'), ('cancelled', 'Cancelled')], default='held', max_length=9, verbose_name='status')),
            ],
            options={
                'verbose_name': 'rental booking',
                'verbose_name_plural': 'rental bookings',
                'db_table': 'rental_bookings',
            },
        ),
        migrations.RemoveConstraint(
            model_name='cartitem',
            name='cart_item_once',
        ),
        migrations.RemoveConstraint(
            model_name='order',
            name='order_total_sane',
        ),
        migrations.RemoveConstraint(
            model_name='order',
            name='order_status_known',
        ),
        migrations.RemoveConstraint(
            model_name='order',
            name='order_quantity_sane',
        ),
        migrations.RemoveConstraint(
            model_name='order',
            name='order_rental_has_period',
        ),
        migrations.RemoveConstraint(
            model_name='orderitem',
            name='order_item_price_sane',
        ),
        migrations.RemoveField(
            model_name='cartitem',
            name='product',
        ),
        migrations.AddField(
            model_name='cartitem',
            name='rental_end_date',
            field=models.DateField(null=True, verbose_name='last day of the rental'),
        ),
        migrations.AddField(
            model_name='cartitem',
            name='rental_start_date',
            field=models.DateField(null=True, verbose_name='first day of the rental'),
        ),
        migrations.AddField(
            model_name='cartitem',
            name='variant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cart_items', to='catalog.productvariant', verbose_name='variant'),
        ),
        migrations.AddField(
            model_name='order',
            name='claim_amount',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='claimed for damage'),
        ),
        migrations.AddField(
            model_name='order',
            name='commission_amount',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='commission'),
        ),
        migrations.AddField(
            model_name='order',
            name='delivered_at',
            field=models.DateTimeField(null=True, verbose_name='delivered'),
        ),
        migrations.AddField(
            model_name='order',
            name='delivery_address',
            field=models.CharField(blank=True, max_length=900, verbose_name='address'),
        ),
        migrations.AddField(
            model_name='order',
            name='delivery_amount',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='delivery'),
        ),
        migrations.AddField(
            model_name='order',
            name='delivery_name',
            field=models.CharField(blank=True, max_length=100, verbose_name='delivery'),
        ),
        migrations.AddField(
            model_name='order',
            name='deposit_amount',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='deposit'),
        ),
        migrations.AddField(
            model_name='order',
            name='handed_over_at',
            field=models.DateTimeField(null=True, verbose_name='handed over'),
        ),
        migrations.AddField(
            model_name='order',
            name='handover_confirmed_at',
            field=models.DateTimeField(null=True, verbose_name='handover confirmed'),
        ),
        migrations.AddField(
            model_name='order',
            name='items_amount',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='goods or rent'),
        ),
        migrations.AddField(
            model_name='order',
            name='late_fee_amount',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='fee for being late'),
        ),
        migrations.AddField(
            model_name='order',
            name='late_fee_per_day',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='fee for a day too late'),
        ),
        migrations.AddField(
            model_name='order',
            name='next_due_at',
            field=models.DateTimeField(null=True, verbose_name='next time limit'),
        ),
        migrations.AddField(
            model_name='order',
            name='paid_at',
            field=models.DateTimeField(null=True, verbose_name='paid'),
        ),
        migrations.AddField(
            model_name='order',
            name='reminded_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='payment_method',
            field=models.CharField(default='balance', max_length=20, verbose_name='paid by'),
        ),
        migrations.AddField(
            model_name='order',
            name='return_days',
            field=models.PositiveSmallIntegerField(default=14, verbose_name='time to send it back, days'),
        ),
        migrations.AddField(
            model_name='order',
            name='returnable',
            field=models.BooleanField(default=True, verbose_name='may be returned'),
        ),
        migrations.AddField(
            model_name='order',
            name='sent_back_at',
            field=models.DateTimeField(null=True, verbose_name='sent back'),
        ),
        migrations.AddField(
            model_name='order',
            name='stage',
            field=models.CharField(choices=[('awaiting_payment', 'Waiting for payment'), ('paid', 'Paid'), ('processing', 'Being prepared'), ('shipped', 'On the way'), ('delivered', 'Delivered'), ('disputed', 'Disputed'), ('return_requested', 'Return asked for'), ('booked', 'Booked'), ('in_use', 'In use'), ('overdue', 'Not brought back in time'), ('claim', 'Damage claimed'), ('completed', 'Completed'), ('completed_lost', 'Completed, not brought back'), ('closed_split', 'Closed, refunded in part'), ('return_requested_late', 'Return asked for after completion'), ('refunded_late', 'Refunded after completion'), ('settled', 'Settled'), ('cancelled', 'Cancelled'), ('cancelled_late', 'Cancelled late'), ('settled_late', 'Cancelled late and settled'), ('expired', 'Not paid in time'), ('refunded', 'Refunded')], default='awaiting_payment', max_length=21, verbose_name='stage'),
        ),
        migrations.AddField(
            model_name='order',
            name='stage_since',
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='in this stage since'),
        ),
        migrations.AddField(
            model_name='order',
            name='tracking_number',
            field=models.CharField(blank=True, max_length=60, verbose_name='tracking number'),
        ),
        migrations.AddField(
            model_name='orderitem',
            name='colour',
            field=models.CharField(blank=True, max_length=40, verbose_name='colour'),
        ),
        migrations.AddField(
            model_name='orderitem',
            name='commission_amount',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='commission'),
        ),
        migrations.AddField(
            model_name='orderitem',
            name='deposit_amount',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='deposit'),
        ),
        migrations.AddField(
            model_name='orderitem',
            name='returnable',
            field=models.BooleanField(default=True, verbose_name='may be returned'),
        ),
        migrations.AddField(
            model_name='orderitem',
            name='size',
            field=models.CharField(blank=True, max_length=20, verbose_name='size'),
        ),
        migrations.AddField(
            model_name='orderitem',
            name='variant',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='order_items', to='catalog.productvariant', verbose_name='variant'),
        ),
        migrations.AddConstraint(
            model_name='cartitem',
            constraint=models.UniqueConstraint(fields=('cart', 'variant', 'rental_start_date', 'rental_end_date'), name='cart_item_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='cartitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rental_end_date', None), ('rental_start_date', None)), models.Q(('rental_end_date__gte', models.F('rental_start_date')), ('rental_end_date__isnull', False), ('rental_start_date__isnull', False)), _connector='OR'), name='cart_item_period_sane'),
        ),
        migrations.AddConstraint(
            model_name='orderitem',
            constraint=models.CheckConstraint(condition=models.Q(('price_at_purchase__gt', 0), ('price_at_purchase__lte', 10000000000)), name='order_item_price_sane'),
        ),
        migrations.AddConstraint(
            model_name='orderitem',
            constraint=models.CheckConstraint(condition=models.Q(('deposit_amount__gte', 0), ('deposit_amount__lte', 10000000000)), name='order_item_deposit_sane'),
        ),
        migrations.AddConstraint(
            model_name='orderitem',
            constraint=models.CheckConstraint(condition=models.Q(('commission_amount__gte', 0), ('commission_amount__lte', 10000000000)), name='order_item_commission_sane'),
        ),
        migrations.AddField(
            model_name='checkout',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='checkouts', to=settings.AUTH_USER_MODEL, verbose_name='buyer'),
        ),
        migrations.AddField(
            model_name='order',
            name='checkout',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='orders', to='orders.checkout', verbose_name='checkout'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('next_due_at__isnull', False)), fields=['next_due_at'], name='order_due'),
        ),
        migrations.RunSQL(EARLIER_ORDERS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('items_amount__gte', 0), ('items_amount__lte', 10000000000)), name='order_items_amount_sane'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('delivery_amount__gte', 0), ('delivery_amount__lte', 10000000000)), name='order_delivery_amount_sane'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('deposit_amount__gte', 0), ('deposit_amount__lte', 10000000000)), name='order_deposit_amount_sane'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('commission_amount__gte', 0), ('commission_amount__lte', 10000000000)), name='order_commission_amount_sane'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('late_fee_amount__gte', 0), ('late_fee_amount__lte', 10000000000)), name='order_late_fee_amount_sane'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('claim_amount__gte', 0), ('claim_amount__lte', 10000000000)), name='order_claim_amount_sane'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('late_fee_per_day__gte', 0), ('late_fee_per_day__lte', 10000000000)), name='order_late_fee_per_day_sane'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('total_amount', django.db.models.expressions.CombinedExpression(models.F('items_amount'), '+', models.F('delivery_amount'))), ('total_amount__gt', 0), ('total_amount__lte', 10000000000)), name='order_total_sane'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('commission_amount__lte', models.F('items_amount'))), name='order_commission_within_items'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('deposit_amount__gte', django.db.models.expressions.CombinedExpression(models.F('late_fee_amount'), '+', models.F('claim_amount')))), name='order_claim_within_deposit'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['awaiting_payment']), ('status', 'pending')), models.Q(('stage__in', ['paid', 'processing', 'shipped', 'delivered', 'disputed', 'return_requested', 'booked', 'in_use', 'overdue', 'claim']), ('status', 'confirmed')), models.Q(('stage__in', ['completed', 'completed_lost', 'closed_split', 'return_requested_late', 'refunded_late', 'settled']), ('status', 'completed')), models.Q(('stage__in', ['cancelled', 'cancelled_late', 'settled_late', 'expired', 'refunded']), ('status', 'cancelled')), _connector='OR'), name='order_stage_of_status'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='order_quantity_sane'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('order_type', 'rental'), ('rental_end_date__gte', models.F('rental_start_date')), ('rental_end_date__isnull', False), ('rental_start_date__isnull', False)), models.Q(('deposit_amount', 0), ('order_type', 'purchase'), ('rental_end_date__isnull', True), ('rental_start_date__isnull', True)), _connector='OR'), name='order_rental_has_period'),
        ),
        migrations.AddField(
            model_name='conditionphoto',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='orders.order', verbose_name='order'),
        ),
        migrations.AddField(
            model_name='deliveryaddress',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddField(
            model_name='deliverymethod',
            name='shop',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='delivery_methods', to='shops.shop', verbose_name='shop'),
        ),
        migrations.AddField(
            model_name='orderevent',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='events', to='orders.order'),
        ),
        migrations.AddField(
            model_name='rentalbooking',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='bookings', to='orders.order', verbose_name='order'),
        ),
        migrations.AddField(
            model_name='rentalbooking',
            name='variant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='bookings', to='catalog.productvariant', verbose_name='variant'),
        ),
        migrations.AddConstraint(
            model_name='checkout',
            constraint=models.CheckConstraint(condition=models.Q(('to_pay__gt', 0), ('to_pay__lte', 10000000000)), name='checkout_to_pay_sane'),
        ),
        migrations.AddConstraint(
            model_name='deliveryaddress',
            constraint=models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('user',), name='one_default_address'),
        ),
        migrations.AddConstraint(
            model_name='deliverymethod',
            constraint=models.CheckConstraint(condition=models.Q(('price__gte', 0), ('price__lte', 10000000000)), name='delivery_price_sane'),
        ),
        migrations.AddConstraint(
            model_name='deliverymethod',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('free_from__gt', 0), ('free_from__lte', 10000000000), ('kind', 'free_from')), models.Q(('kind__in', ['flat', 'pickup']), ('free_from', None)), _connector='OR'), name='delivery_kind_sane'),
        ),
        migrations.AddConstraint(
            model_name='deliverymethod',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='delivery_has_name'),
        ),
        migrations.AddConstraint(
            model_name='rentalbooking',
            constraint=models.CheckConstraint(condition=models.Q(('unit__gte', 1), ('unit__lte', 100)), name='booking_unit_sane'),
        ),
        migrations.AddConstraint(
            model_name='rentalbooking',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['held', 'booked', 'out', 'returned', 'cancelled'])), name='booking_status_known'),
        ),
        migrations.AddConstraint(
            model_name='rentalbooking',
            constraint=models.CheckConstraint(condition=models.Q(('period__isempty', False), ('period__lower_inf', False), ('period__upper_inf', False)), name='booking_period_sane'),
        ),
        migrations.AddConstraint(
            model_name='rentalbooking',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status', 'cancelled'), _negated=True), expressions=[('variant', '='), ('unit', '='), ('period', '&&')], name='booking_never_twice'),
        ),
        migrations.RunSQL(RULES, UNRULED),
    ]
