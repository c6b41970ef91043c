"""SQL that PostgreSQL plans once for each connection, and not for every request.

Django writes values into the SQL; psycopg sends them beside it here, and prepares it at its first
use (see `prepare_threshold` in the settings).
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg.pq import Format

AS_IT_IS: Any = psycopg.adapters.get_loader(psycopg.adapters.types["bytea"].oid, Format.BINARY)


def rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """What the statement reads, counted as every other query; Django's log has no text of it.

    Texts come as bytes of UTF-8: to decode what is only sent on takes a quarter of the reading.
    """
    database: Any = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    wrapped = database.make_debug_cursor if database.queries_logged else database.make_cursor
    bare: Any = ServerBindingCursor(database.connection)  # type: ignore[call-arg]  # psycopg's
    bare.format = Format.BINARY
    bare.adapters.register_loader("text", AS_IT_IS)
    with wrapped(bare) as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()  # type: ignore[no-any-return]
