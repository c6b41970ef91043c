"""The ledger learns of payouts: an account that holds them, and what must be true of them."""

from django.db import migrations

FORWARD = """
ALTER TABLE transactions
  DROP CONSTRAINT transaction_account_known,
  ADD CONSTRAINT transaction_account_known CHECK (system_account IN (
    'gateway', 'escrow', 'deposit', 'shop_pending', 'generation_hold', 'generation_revenue',
    'commission', 'payout_hold', 'payout', 'promo', 'adjustment'));

CREATE VIEW payout_breaches AS
WITH booked AS (
  SELECT p.key, t.shop_id, t.system_account, t.amount
    FROM postings p JOIN transactions t ON t.posting_id = p.id WHERE p.key LIKE 'payout:%'
)
SELECT 'payout was not held' AS what, o.id::text AS id
  FROM payouts o WHERE NOT EXISTS (
    SELECT FROM booked b WHERE b.key = 'payout:' || o.id || ':request'
       AND b.shop_id = o.shop_id AND b.amount = -o.amount)
UNION ALL
SELECT 'payout was paid and is not, or the reverse', o.id::text
  FROM payouts o WHERE (o.status = 'paid') <> EXISTS (
    SELECT FROM booked b WHERE b.key = 'payout:' || o.id || ':paid'
       AND b.system_account = 'payout' AND b.amount = o.amount)
UNION ALL
SELECT 'payout was returned and is not, or the reverse', o.id::text
  FROM payouts o WHERE (o.status = 'returned') <> EXISTS (
    SELECT FROM booked b WHERE b.key = 'payout:' || o.id || ':return'
       AND b.shop_id = o.shop_id AND b.amount = o.amount)
UNION ALL
SELECT 'payout hold is not the sum of open payouts', 'all'
 WHERE (SELECT coalesce(sum(amount), 0) FROM transactions WHERE system_account = 'payout_hold')
    <> (SELECT coalesce(sum(amount), 0) FROM payouts WHERE status IN ('requested', 'processing'));

ALTER VIEW ledger_breaches RENAME TO balance_breaches;
CREATE VIEW ledger_breaches AS
  SELECT what, id FROM balance_breaches UNION ALL SELECT what, id FROM payout_breaches;
"""

BACKWARD = """
DROP VIEW ledger_breaches;
ALTER VIEW balance_breaches RENAME TO ledger_breaches;
DROP VIEW payout_breaches;
ALTER TABLE transactions
  DROP CONSTRAINT transaction_account_known,
  ADD CONSTRAINT transaction_account_known CHECK (system_account IN (
    'gateway', 'escrow', 'deposit', 'shop_pending', 'generation_hold', 'generation_revenue',
    'commission', 'payout', 'promo', 'adjustment'));
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_payouts")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
