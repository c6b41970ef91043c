"""The audit log's lock comes before the counters', in every transaction."""

from django.db import migrations

NUMBERING = """
CREATE OR REPLACE FUNCTION events_number() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  event record;
  number bigint;
BEGIN
  %(before)s
  -- Only this transaction's own events have no number yet. The counters are locked in one order
  -- for everybody, the broad audiences last, and nothing else is locked after them.
  FOR event IN
    SELECT id, audience FROM events WHERE seq IS NULL
    ORDER BY audience IN ('admins', 'users'), audience COLLATE "C", id
  LOOP
    INSERT INTO event_counters AS c (audience, seq) VALUES (event.audience, 1)
      ON CONFLICT (audience) DO UPDATE SET seq = c.seq + 1 RETURNING seq INTO number;
    UPDATE events SET seq = number WHERE id = event.id;
  END LOOP;
  RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("realtime", "0002_numbering"), ("core", "0002_audit_chain")]
    operations = [
        migrations.RunSQL(
            NUMBERING % {"before": "PERFORM audit_seal();"}, NUMBERING % {"before": ""}
        )
    ]
