"""The whole lifecycle of a payment, its refunds, and what must be true of their money."""

import billing.models.payments
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Payments of before were either open, paid whole or failed, and every kept message was verified.
BACKFILL = """
UPDATE payments SET paid_amount = amount, paid_at = updated_at WHERE status = 'succeeded';
UPDATE payments SET next_query_at = NULL WHERE status <> 'pending';
UPDATE payment_events SET signature_ok = true, accepted = true;
"""
BREACHES = """
CREATE VIEW payment_breaches AS
WITH booked AS (
  SELECT p.key, t.user_id, t.shop_id, t.system_account, t.amount
    FROM postings p JOIN transactions t ON t.posting_id = p.id WHERE p.key LIKE 'payment:%'
), refunds AS (
  SELECT payment_id, coalesce(sum(amount) FILTER (WHERE status = 'succeeded'), 0) AS given,
         count(*) FILTER (WHERE status = 'pending') AS pending
    FROM payment_refunds GROUP BY payment_id
)
SELECT 'payment came and did not, or the reverse' AS what, o.id::text AS id
  FROM payments o WHERE (o.paid_amount IS NOT NULL) <> EXISTS (
    SELECT FROM booked b WHERE b.key = 'payment:' || o.id || ':succeed')
UNION ALL
SELECT 'payment is on another balance, or is another amount', o.id::text
  FROM payments o WHERE o.paid_amount IS NOT NULL AND NOT EXISTS (
    SELECT FROM booked b WHERE b.key = 'payment:' || o.id || ':succeed'
       AND b.amount = o.paid_amount AND b.user_id IS NOT DISTINCT FROM o.user_id
       AND b.shop_id IS NOT DISTINCT FROM o.shop_id)
UNION ALL
SELECT 'payment was paid back and was not, or the reverse', o.id::text
  FROM payments o LEFT JOIN refunds r ON r.payment_id = o.id
  WHERE o.refunded_amount <> coalesce(r.given, 0)
     OR (o.status = 'refund_pending') <> (coalesce(r.pending, 0) = 1)
UNION ALL
SELECT 'refund is not booked as it is', r.id::text
  FROM payment_refunds r WHERE (r.status = 'succeeded') <> EXISTS (
    SELECT FROM booked b WHERE b.key = 'payment:' || r.payment_id || ':refund-' || r.id || ':ok'
       AND b.system_account = 'gateway' AND b.amount = r.amount)
UNION ALL
SELECT 'refund hold is not the sum of pending refunds', 'all'
 WHERE (SELECT coalesce(sum(amount), 0) FROM transactions WHERE system_account = 'refund_hold')
    <> (SELECT coalesce(sum(amount), 0) FROM payment_refunds WHERE status = 'pending');
DROP VIEW ledger_breaches;
CREATE VIEW ledger_breaches AS
  SELECT what, id FROM balance_breaches
  UNION ALL SELECT what, id FROM generation_breaches
  UNION ALL SELECT what, id FROM order_breaches
  UNION ALL SELECT what, id FROM payout_breaches
  UNION ALL SELECT what, id FROM payment_breaches;
"""
NO_BREACHES = """
DROP VIEW ledger_breaches;
DROP VIEW payment_breaches;
CREATE VIEW ledger_breaches AS
  SELECT what, id FROM balance_breaches
  UNION ALL SELECT what, id FROM generation_breaches
  UNION ALL SELECT what, id FROM order_breaches
  UNION ALL SELECT what, id FROM payout_breaches;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0006_order_breaches'),
        ('orders', '0002_lifecycle'),
        ('shops', '0003_identities'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PaymentRefund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount')),
                ('status', models.CharField(choices=[('pending', 'On its way'), ('succeeded', 'Paid back'), ('failed', 'Refused')], default='pending', max_length=9, verbose_name='status')),
                ('actor', models.CharField(max_length=100, verbose_name='who did it')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
            ],
            options={
                'verbose_name': 'refund to the payer',
                'verbose_name_plural': 'refunds to payers',
                'db_table': 'payment_refunds',
            },
        ),
        migrations.RemoveConstraint(
            model_name='payment',
            name='payment_status_known',
        ),
        migrations.RemoveConstraint(
            model_name='paymentevent',
            name='payment_event_once',
        ),
        migrations.AddField(
            model_name='payment',
            name='checkout',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='payments', to='orders.checkout', verbose_name='checkout'),
        ),
        migrations.AddField(
            model_name='payment',
            name='currency',
            field=models.CharField(default='KZT', max_length=3, verbose_name='currency'),
        ),
        migrations.AddField(
            model_name='payment',
            name='expires_at',
            field=models.DateTimeField(default=billing.models.payments.in_half_an_hour, verbose_name='to be paid until'),
        ),
        migrations.AddField(
            model_name='payment',
            name='external_id',
            field=models.CharField(blank=True, max_length=100, verbose_name='number at the gateway'),
        ),
        migrations.AddField(
            model_name='payment',
            name='next_query_at',
            field=models.DateTimeField(default=billing.models.payments.in_half_an_hour, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='payment',
            name='paid_amount',
            field=models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='paid'),
        ),
        migrations.AddField(
            model_name='payment',
            name='paid_at',
            field=models.DateTimeField(null=True, verbose_name='paid on'),
        ),
        migrations.AddField(
            model_name='payment',
            name='pay_page',
            field=models.CharField(blank=True, max_length=2000, verbose_name='where it is paid'),
        ),
        migrations.AddField(
            model_name='payment',
            name='purpose',
            field=models.CharField(choices=[('topup', 'Top-up'), ('checkout', 'Payment of orders')], default='topup', max_length=8, verbose_name='purpose'),
        ),
        migrations.AddField(
            model_name='payment',
            name='refunded_amount',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='paid back'),
        ),
        migrations.AddField(
            model_name='paymentevent',
            name='accepted',
            field=models.BooleanField(default=False, verbose_name='changed the payment'),
        ),
        migrations.AddField(
            model_name='paymentevent',
            name='amount',
            field=models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='amount'),
        ),
        migrations.AddField(
            model_name='paymentevent',
            name='currency',
            field=models.CharField(blank=True, max_length=10, verbose_name='currency'),
        ),
        migrations.AddField(
            model_name='paymentevent',
            name='headers',
            field=models.JSONField(default=dict, verbose_name='headers'),
        ),
        migrations.AddField(
            model_name='paymentevent',
            name='outcome',
            field=models.CharField(blank=True, max_length=10, verbose_name='outcome'),
        ),
        migrations.AddField(
            model_name='paymentevent',
            name='payment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='events', to='billing.payment', verbose_name='payment'),
        ),
        migrations.AddField(
            model_name='paymentevent',
            name='query',
            field=models.TextField(blank=True, verbose_name='query'),
        ),
        migrations.AddField(
            model_name='paymentevent',
            name='signature_ok',
            field=models.BooleanField(default=False, verbose_name='signed by the gateway'),
        ),
        migrations.AlterField(
            model_name='payment',
            name='status',
            field=models.CharField(choices=[('created', 'Begun'), ('pending', 'Waiting for payment'), ('succeeded', 'Paid'), ('failed', 'Failed'), ('expired', 'Not paid in time'), ('cancelled', 'Cancelled'), ('needs_review', 'To be looked at'), ('refund_pending', 'On its way back'), ('refunded', 'Paid back')], default='created', max_length=14, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='paymentevent',
            name='body',
            field=models.TextField(blank=True, verbose_name='body'),
        ),
        migrations.AlterField(
            model_name='paymentevent',
            name='created_at',
            field=models.DateTimeField(auto_now_add=True, verbose_name='created'),
        ),
        migrations.AlterField(
            model_name='paymentevent',
            name='event_key',
            field=models.CharField(blank=True, max_length=200, verbose_name='key'),
        ),
        migrations.AlterField(
            model_name='paymentevent',
            name='provider',
            field=models.CharField(max_length=20, verbose_name='gateway'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(fields=['user', '-id'], name='payments_user_id_85e360_idx'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('next_query_at__isnull', False)), fields=['next_query_at'], name='payment_next_query'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(fields=['provider', 'external_id'], name='payment_external_id'),
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['created', 'pending', 'failed', 'expired', 'cancelled', 'needs_review', 'succeeded', 'refund_pending', 'refunded'])), name='payment_status_known'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checkout__isnull', True), ('purpose', 'topup')), models.Q(('checkout__isnull', False), ('purpose', 'checkout'), ('user__isnull', False)), _connector='OR'), name='payment_has_one_purpose'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('status__in', ['succeeded', 'refund_pending', 'refunded']), _negated=True), ('paid_amount__isnull', True), ('paid_at__isnull', True)), models.Q(('paid_amount__gt', 0), ('paid_amount__isnull', False), ('paid_amount__lte', 10000000000), ('paid_at__isnull', False), ('status__in', ['succeeded', 'refund_pending', 'refunded'])), _connector='OR'), name='payment_paid_has_amount'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('refunded_amount', 0), models.Q(('paid_amount__isnull', False), ('refunded_amount__gt', 0), ('refunded_amount__lte', models.F('paid_amount'))), _connector='OR'), name='payment_refund_within_paid'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['succeeded', 'refund_pending', 'refunded']), _negated=True), models.Q(('refunded_amount', models.F('paid_amount')), ('status', 'refunded')), models.Q(('refunded_amount__lt', models.F('paid_amount')), ('status__in', ['succeeded', 'refund_pending'])), _connector='OR'), name='payment_refunded_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['created', 'pending']), _negated=True), ('next_query_at__isnull', False), _connector='OR'), name='payment_open_is_asked_about'),
        ),
        migrations.AddConstraint(
            model_name='paymentevent',
            constraint=models.UniqueConstraint(condition=models.Q(('signature_ok', True)), fields=('provider', 'event_key'), name='payment_event_once'),
        ),
        migrations.AddConstraint(
            model_name='paymentevent',
            constraint=models.CheckConstraint(condition=models.Q(('signature_ok', True), models.Q(('accepted', False), ('event_key', ''), ('payment__isnull', True)), _connector='OR'), name='payment_event_forged_changes_nothing'),
        ),
        migrations.AddField(
            model_name='paymentrefund',
            name='payment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='refunds', to='billing.payment', verbose_name='payment'),
        ),
        migrations.AddConstraint(
            model_name='paymentrefund',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('amount__lte', 10000000000)), name='payment_refund_sane'),
        ),
        migrations.AddConstraint(
            model_name='paymentrefund',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['pending', 'succeeded', 'failed'])), name='payment_refund_status_known'),
        ),
        migrations.AddConstraint(
            model_name='paymentrefund',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'pending')), fields=('payment',), name='one_pending_refund_per_payment'),
        ),
        migrations.RunSQL(BREACHES, NO_BREACHES),
    ]
