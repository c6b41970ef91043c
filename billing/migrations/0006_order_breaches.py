"""What must be true of the money, the stock and the rented pieces of orders, stage by stage."""

from django.db import migrations

BALANCES = """
CREATE VIEW balance_breaches AS
WITH user_legs AS (
  SELECT user_id, sum(amount) AS total, count(*) AS legs, max(account_seq) AS newest
    FROM transactions WHERE user_id IS NOT NULL GROUP BY user_id
), shop_legs AS (
  SELECT shop_id, sum(amount) AS total, count(*) AS legs, max(account_seq) AS newest
    FROM transactions WHERE shop_id IS NOT NULL GROUP BY shop_id
), running AS (
  SELECT id, balance_after, sum(amount) OVER (
      PARTITION BY user_id, shop_id ORDER BY account_seq) AS total
    FROM transactions WHERE system_account IS NULL
)
SELECT 'user balance is not the sum of its lines' AS what, u.id::text AS id
  FROM users u LEFT JOIN user_legs l ON l.user_id = u.id
  WHERE u.balance <> coalesce(l.total, 0) OR u.ledger_seq <> coalesce(l.legs, 0)
     OR u.ledger_seq <> coalesce(l.newest, 0) OR u.balance < 0
UNION ALL
SELECT 'shop balance is not the sum of its lines', s.id::text
  FROM shops s LEFT JOIN shop_legs l ON l.shop_id = s.id
  WHERE s.balance <> coalesce(l.total, 0) OR s.ledger_seq <> coalesce(l.legs, 0)
     OR s.ledger_seq <> coalesce(l.newest, 0) OR s.balance < 0
UNION ALL
SELECT 'posting is unbalanced', posting_id::text
  FROM transactions GROUP BY posting_id HAVING sum(amount) <> 0 OR count(*) < 2
UNION ALL
SELECT 'posting has no legs', p.id::text
  FROM postings p WHERE NOT EXISTS (SELECT FROM transactions t WHERE t.posting_id = p.id)
UNION ALL
SELECT 'all money together is not 0', 'all'
  FROM transactions HAVING coalesce(sum(amount), 0) <> 0
UNION ALL
SELECT 'running balance is broken', id::text FROM running WHERE balance_after <> total
"""
GENERATIONS = """
CREATE VIEW generation_breaches AS
SELECT 'generation was not charged' AS what, g.id::text AS id
  FROM generations g WHERE g.cost > 0 AND NOT EXISTS (
    SELECT FROM transactions t WHERE t.generation_id = g.id
       AND t.type = 'generation_charge' AND t.amount = -g.cost)
UNION ALL
SELECT 'succeeded generation was not captured', g.id::text
  FROM generations g WHERE g.status = 'succeeded' AND g.cost > 0 AND NOT EXISTS (
    SELECT FROM transactions t WHERE t.generation_id = g.id AND t.type = 'generation_capture')
UNION ALL
SELECT 'failed generation was not refunded', g.id::text
  FROM generations g WHERE g.status IN ('failed', 'cancelled', 'rejected') AND g.cost > 0
   AND NOT EXISTS (
    SELECT FROM transactions t WHERE t.generation_id = g.id AND t.type = 'generation_refund')
UNION ALL
SELECT 'unfinished generation was resolved', g.id::text
  FROM generations g WHERE g.status IN ('queued', 'running') AND EXISTS (
    SELECT FROM transactions t WHERE t.generation_id = g.id
       AND t.type IN ('generation_capture', 'generation_refund'))
"""
ORDERS = """
CREATE VIEW order_breaches AS
WITH legs AS (
  SELECT order_id,
         coalesce(sum(amount) FILTER (WHERE system_account = 'escrow'), 0) AS escrow,
         coalesce(sum(amount) FILTER (WHERE system_account = 'deposit'), 0) AS deposit,
         coalesce(sum(amount) FILTER (WHERE system_account = 'shop_pending'), 0) AS pending,
         coalesce(-sum(amount) FILTER (WHERE user_id IS NOT NULL
           AND type IN ('purchase', 'rental_extension')), 0) AS paid
    FROM transactions WHERE order_id IS NOT NULL GROUP BY order_id
), money AS (
  SELECT o.id, o.status, o.stage, o.total_amount, o.deposit_amount,
         coalesce(l.escrow, 0) AS escrow, coalesce(l.deposit, 0) AS deposit,
         coalesce(l.pending, 0) AS pending, coalesce(l.paid, 0) AS paid
    FROM orders o LEFT JOIN legs l ON l.order_id = o.id
), promised AS (
  SELECT i.variant_id, sum(i.quantity) AS pieces
    FROM order_items i JOIN orders o ON o.id = i.order_id
    WHERE o.order_type = 'purchase' AND o.stage IN ('awaiting_payment', 'paid', 'processing')
    GROUP BY i.variant_id
), booked AS (
  SELECT order_id, count(*) AS pieces, min(status) AS first, max(status) AS last
    FROM rental_bookings GROUP BY order_id
)
SELECT 'order was not paid exactly' AS what, id::text AS id FROM money
  WHERE paid <> CASE WHEN stage IN ('awaiting_payment', 'expired') THEN 0
                     WHEN stage = 'cancelled' AND paid = 0 THEN 0 ELSE total_amount END
UNION ALL
SELECT 'escrow of an order is wrong', id::text FROM money
  WHERE escrow <> CASE WHEN status = 'confirmed' AND stage <> 'claim' THEN total_amount ELSE 0 END
UNION ALL
SELECT 'deposit of an order is wrong', id::text FROM money
  WHERE deposit <> CASE WHEN status = 'confirmed' THEN deposit_amount ELSE 0 END
UNION ALL
SELECT 'earnings of an order are wrong', id::text FROM money
  WHERE pending < 0 OR pending > 0 AND stage NOT IN ('completed', 'completed_lost', 'claim',
    'closed_split', 'return_requested_late', 'cancelled_late')
UNION ALL
SELECT 'shop owes less than nothing', shop_id::text FROM (
  SELECT o.shop_id, sum(t.amount) AS total
    FROM transactions t JOIN orders o ON o.id = t.order_id
    WHERE t.system_account = 'shop_receivable' GROUP BY o.shop_id) q WHERE total > 0
UNION ALL
SELECT 'reserved pieces are not those of orders', v.id::text
  FROM product_variants v LEFT JOIN promised p ON p.variant_id = v.id
  WHERE v.reserved <> coalesce(p.pieces, 0)
UNION ALL
SELECT 'rental has not its pieces', o.id::text
  FROM orders o LEFT JOIN booked b ON b.order_id = o.id
  WHERE o.order_type = 'rental' AND (coalesce(b.pieces, 0) <> o.quantity OR b.first <> b.last
    OR b.first <> CASE WHEN o.stage = 'awaiting_payment' THEN 'held'
                       WHEN o.stage = 'booked' THEN 'booked'
                       WHEN o.stage IN ('in_use', 'overdue', 'disputed') THEN 'out'
                       WHEN o.status = 'cancelled' OR b.first = 'cancelled' THEN 'cancelled'
                       ELSE 'returned' END)
"""
TOGETHER = """
CREATE VIEW ledger_breaches AS
  SELECT what, id FROM balance_breaches
  UNION ALL SELECT what, id FROM generation_breaches
  UNION ALL SELECT what, id FROM order_breaches
  UNION ALL SELECT what, id FROM payout_breaches
"""
FORWARD = f"""
DROP VIEW ledger_breaches;
DROP VIEW balance_breaches;
{BALANCES};
{GENERATIONS};
{ORDERS};
{TOGETHER};
"""
BACKWARD = f"""
DROP VIEW ledger_breaches;
DROP VIEW order_breaches;
DROP VIEW generation_breaches;
CREATE VIEW ledger_breaches AS
  SELECT what, id FROM balance_breaches UNION ALL SELECT what, id FROM payout_breaches;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0005_money_of_orders"),
        ("catalog", "0003_variants_and_rental"),
        ("generations", "0002_personal_data"),
        ("orders", "0002_lifecycle"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
