"""Events get their numbers at the end of their transaction: see realtime/publish.py."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION events_number() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  event record;
  number bigint;
BEGIN
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
CREATE CONSTRAINT TRIGGER events_number AFTER INSERT ON events
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION events_number();
"""
BACKWARD = """
DROP TRIGGER events_number ON events;
DROP FUNCTION events_number;
"""


class Migration(migrations.Migration):
    dependencies = [("realtime", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
