"""Nobody adds a row of a person who has been erased, however late their request is."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_erased_person() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  erased timestamptz;
BEGIN
  -- The lock waits for an erasure under way, and then sees what it did.
  SELECT erased_at INTO erased FROM users
    WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint FOR KEY SHARE;
  IF erased IS NOT NULL THEN
    RAISE EXCEPTION 'the person of this row of % has been erased', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'account_not_erased';
  END IF;
  RETURN NEW;
END $$;

-- Guards every table that refers to people; to be called again by whoever adds one.
CREATE FUNCTION guard_erased_people() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  reference record;
BEGIN
  FOR reference IN
    SELECT c.conrelid::regclass AS holder, a.attname AS column_name
      FROM pg_constraint c
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
      WHERE c.contype = 'f' AND c.confrelid = 'users'::regclass
  LOOP
    EXECUTE format(
      'CREATE OR REPLACE TRIGGER %I BEFORE INSERT ON %s
         FOR EACH ROW EXECUTE FUNCTION refuse_erased_person(%L)',
      'refuse_erased_' || reference.column_name, reference.holder, reference.column_name);
  END LOOP;
END $$;
SELECT guard_erased_people();
"""
BACKWARD = """
DROP FUNCTION refuse_erased_person CASCADE;
DROP FUNCTION guard_erased_people;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("accounts", "0005_request_keys"),
        ("account", "0001_initial"),
        ("admin", "0001_initial"),
        ("billing", "0004_payout_ledger"),
        ("catalog", "0001_initial"),
        ("generations", "0002_personal_data"),
        ("mfa", "0001_initial"),
        ("orders", "0001_initial"),
        ("socialaccount", "0001_initial"),
        ("wardrobe", "0001_initial"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
