"""The ledger's rules, kept by the database itself: see billing/ledger.py."""

from django.db import migrations

FORWARD = """
ALTER TABLE postings ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE transactions
  ADD CONSTRAINT transaction_has_one_account
    CHECK (num_nonnulls(user_id, shop_id, system_account) = 1),
  ADD CONSTRAINT transaction_owner_has_running_balance
    CHECK ((system_account IS NULL) = (balance_after IS NOT NULL)
       AND (system_account IS NULL) = (account_seq IS NOT NULL)),
  ADD CONSTRAINT transaction_account_known CHECK (system_account IN (
    'gateway', 'escrow', 'deposit', 'shop_pending', 'generation_hold', 'generation_revenue',
    'commission', 'payout', 'promo', 'adjustment'));

-- The only way a balance moves: the insertion of a leg, in the transaction of its posting.
CREATE FUNCTION ledger_apply_leg() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM postings WHERE id = NEW.posting_id AND xid = pg_current_xact_id()
  ) THEN
    RAISE EXCEPTION 'posting % is closed', NEW.posting_id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.user_id IS NOT NULL THEN
    UPDATE users SET balance = balance + NEW.amount, ledger_seq = ledger_seq + 1
      WHERE id = NEW.user_id RETURNING balance, ledger_seq INTO NEW.balance_after, NEW.account_seq;
  ELSIF NEW.shop_id IS NOT NULL THEN
    UPDATE shops SET balance = balance + NEW.amount, ledger_seq = ledger_seq + 1
      WHERE id = NEW.shop_id RETURNING balance, ledger_seq INTO NEW.balance_after, NEW.account_seq;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_apply_leg BEFORE INSERT ON transactions
  FOR EACH ROW EXECUTE FUNCTION ledger_apply_leg();

CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: append only', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON transactions
  FOR EACH ROW EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON transactions
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON postings
  FOR EACH ROW EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON postings
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();

CREATE FUNCTION ledger_guard_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'a balance of % changes only through transactions', TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION ledger_open_at_zero() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.balance <> 0 OR NEW.ledger_seq <> 0 THEN
    RAISE EXCEPTION 'an account of % opens with 0', TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_guard_balance BEFORE UPDATE ON users FOR EACH ROW
  WHEN ((OLD.balance, OLD.ledger_seq) IS DISTINCT FROM (NEW.balance, NEW.ledger_seq))
  EXECUTE FUNCTION ledger_guard_balance();
CREATE TRIGGER ledger_guard_balance BEFORE UPDATE ON shops FOR EACH ROW
  WHEN ((OLD.balance, OLD.ledger_seq) IS DISTINCT FROM (NEW.balance, NEW.ledger_seq))
  EXECUTE FUNCTION ledger_guard_balance();
CREATE TRIGGER ledger_open_at_zero BEFORE INSERT ON users
  FOR EACH ROW EXECUTE FUNCTION ledger_open_at_zero();
CREATE TRIGGER ledger_open_at_zero BEFORE INSERT ON shops
  FOR EACH ROW EXECUTE FUNCTION ledger_open_at_zero();

-- At commit a posting has two legs or more, and they sum to 0.
CREATE FUNCTION ledger_check_posting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  checked bigint := CASE WHEN TG_TABLE_NAME = 'postings' THEN NEW.id
                         ELSE (to_jsonb(NEW) ->> 'posting_id')::bigint END;
  total numeric;
  legs int;
BEGIN
  SELECT coalesce(sum(amount), 0), count(*) INTO total, legs
    FROM transactions WHERE posting_id = checked;
  IF total <> 0 OR legs < 2 THEN
    RAISE EXCEPTION 'posting % is unbalanced: % over % legs', checked, total, legs
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_check_posting AFTER INSERT ON transactions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_posting();
CREATE CONSTRAINT TRIGGER ledger_check_posting AFTER INSERT ON postings
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_posting();

-- Every row of this view is a broken invariant.
CREATE VIEW ledger_breaches AS
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
), paid AS (
  SELECT order_id, sum(-amount) AS total FROM transactions
    WHERE type = 'purchase' AND user_id IS NOT NULL GROUP BY order_id
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
UNION ALL
SELECT 'generation was not charged', g.id::text
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
UNION ALL
SELECT 'order was not paid exactly', o.id::text
  FROM orders o LEFT JOIN paid p ON p.order_id = o.id
  WHERE o.status IN ('confirmed', 'completed') AND coalesce(p.total, 0) <> o.total_amount
UNION ALL
SELECT 'completed order was not settled', o.id::text
  FROM orders o WHERE o.status = 'completed' AND NOT EXISTS (
    SELECT FROM transactions t WHERE t.order_id = o.id
       AND t.type = 'sale' AND t.system_account = 'escrow')
UNION ALL
SELECT 'cancelled order was not refunded', o.id::text
  FROM orders o JOIN paid p ON p.order_id = o.id
  WHERE o.status = 'cancelled' AND NOT EXISTS (
    SELECT FROM transactions t WHERE t.order_id = o.id AND t.type = 'refund');
"""

BACKWARD = """
DROP VIEW ledger_breaches;
DROP TRIGGER ledger_check_posting ON postings;
DROP TRIGGER ledger_check_posting ON transactions;
DROP TRIGGER ledger_open_at_zero ON shops;
DROP TRIGGER ledger_open_at_zero ON users;
DROP TRIGGER ledger_guard_balance ON shops;
DROP TRIGGER ledger_guard_balance ON users;
DROP TRIGGER ledger_no_truncate ON postings;
DROP TRIGGER ledger_append_only ON postings;
DROP TRIGGER ledger_no_truncate ON transactions;
DROP TRIGGER ledger_append_only ON transactions;
DROP TRIGGER ledger_apply_leg ON transactions;
DROP FUNCTION ledger_check_posting, ledger_open_at_zero, ledger_guard_balance,
  ledger_append_only, ledger_apply_leg;
ALTER TABLE transactions
  DROP CONSTRAINT transaction_account_known,
  DROP CONSTRAINT transaction_owner_has_running_balance,
  DROP CONSTRAINT transaction_has_one_account;
ALTER TABLE postings DROP COLUMN xid;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
