"""Audit entries are chained at the end of their transaction, and then never change."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_seal() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  entry record;
  last_seq bigint;
  last_hash text;
BEGIN
  -- Only this transaction's own entries are not sealed yet.
  IF NOT EXISTS (SELECT 1 FROM audit_log WHERE seq IS NULL) THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('audit_log'));
  SELECT seq, hash INTO last_seq, last_hash FROM audit_log
    WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1;
  FOR entry IN SELECT id, record FROM audit_log WHERE seq IS NULL ORDER BY id LOOP
    UPDATE audit_log SET
      seq = coalesce(last_seq, 0) + 1,
      hash = encode(sha256(convert_to(concat(
        coalesce(last_seq, 0) + 1, E'\\n', last_hash, E'\\n', entry.record), 'UTF8')), 'hex')
      WHERE id = entry.id RETURNING seq, hash INTO last_seq, last_hash;
  END LOOP;
END $$;

CREATE FUNCTION audit_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM audit_seal();
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER audit_sealed AFTER INSERT ON audit_log
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_sealed();

CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.seq := NULL;
    NEW.hash := '';
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.seq IS NULL AND NEW.id = OLD.id AND NEW.record = OLD.record THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER audit_append_only BEFORE INSERT OR UPDATE OR DELETE ON audit_log
  FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
"""
BACKWARD = """
DROP TRIGGER audit_no_truncate ON audit_log;
DROP TRIGGER audit_append_only ON audit_log;
DROP TRIGGER audit_sealed ON audit_log;
DROP FUNCTION audit_append_only;
DROP FUNCTION audit_sealed;
DROP FUNCTION audit_seal;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
