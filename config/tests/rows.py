"""Every row of every table, and what an act did to them."""

import json
from contextlib import contextmanager

from django.db import connection, transaction

from conftest import breaches, forget

# That somebody came by is no change of theirs.
SEEN = {"last_seen_at", "last_used_at"}
NONCES = "used_nonces"
NUMBERS = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"

RENUMBERED = """
SELECT setval(name, coalesce(last, 1), last IS NOT NULL)
  FROM unnest(%s::text[], %s::bigint[]) AS number (name, last)
"""


def everything():
    """{(table, id): row} of the whole database."""
    tables = set(connection.introspection.table_names()) - {NONCES}
    each = " UNION ALL ".join(f"SELECT '{table}', to_jsonb(t) FROM {table} t" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(each)
        found = [(table, json.loads(row)) for table, row in cursor.fetchall()]
    return {
        (table, str(row.get("id", row))): {name: row[name] for name in row.keys() - SEEN}
        for table, row in found
    }


def difference(before, after):
    """{(table, id, column): value} of what is new or other; a row that went has the id None."""
    changed = {
        (*key, column): value
        for key, row in after.items()
        for column, value in row.items()
        if key not in before or before[key][column] != value
    }
    return changed | {(*key, "id"): None for key in before.keys() - after.keys()}


def next_numbers():
    """Which numbers new rows would get."""
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS)
        return cursor.fetchall()


@contextmanager
def undone(numbers=()):
    """Let something happen, and then not have happened; rows are numbered as they would be then.

    What happens is checked as at a commit.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                RENUMBERED, [[name for name, _ in numbers], [last for _, last in numbers]]
            )
        yield
        connection.check_constraints()
        assert breaches() == []
        transaction.set_rollback(True)
    forget()
