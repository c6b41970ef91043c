from django.db import migrations, models


ACCOUNTS = """
ALTER TABLE transactions
  DROP CONSTRAINT transaction_account_known,
  ADD CONSTRAINT transaction_account_known CHECK (system_account IN (
    'gateway', 'escrow', 'deposit', 'shop_pending', 'generation_hold', 'generation_revenue',
    'commission', 'payout_hold', 'payout', 'promo', 'adjustment'%s));
"""
KNOWN = ACCOUNTS % ", 'shop_receivable', 'refund_hold'"
KNOWN_BEFORE = ACCOUNTS % ""


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0004_payout_ledger'),
    ]

    operations = [
        migrations.AlterField(
            model_name='transaction',
            name='system_account',
            field=models.CharField(choices=[('gateway', 'Payment gateway'), ('escrow', 'Escrow'), ('deposit', 'Rental deposits'), ('shop_pending', 'Due to shops'), ('generation_hold', 'Held for generations'), ('generation_revenue', 'Earned with generations'), ('commission', 'Commission'), ('payout_hold', 'Held for payouts'), ('payout', 'Paid out to banks'), ('promo', 'Gifts'), ('adjustment', 'Corrections'), ('shop_receivable', 'Owed by shops'), ('refund_hold', 'On its way back to payers')], max_length=20, null=True, verbose_name='account of the platform'),
        ),
        migrations.AlterField(
            model_name='transaction',
            name='type',
            field=models.CharField(choices=[('topup', 'Top-up'), ('purchase', 'Purchase'), ('sale', 'Sale'), ('refund', 'Refund'), ('payout', 'Payout'), ('payout_return', 'Returned payout'), ('commission', 'Commission'), ('promo', 'Gift'), ('adjustment', 'Correction'), ('generation_charge', 'Hold for a generation'), ('generation_capture', 'Payment for a generation'), ('generation_refund', 'Refund for a generation'), ('release', 'Earnings released'), ('rental_deposit', 'Rental deposit'), ('rental_deposit_return', 'Return of a rental deposit'), ('rental_extension', 'Longer rental'), ('topup_refund', 'Return to the payer'), ('topup_refund_failed', 'Return to the payer that failed'), ('approval_fee', 'Fee for an approval'), ('product_rent', 'Showing of a product')], max_length=24, verbose_name='type'),
        ),
        migrations.RunSQL(KNOWN, KNOWN_BEFORE),
    ]
