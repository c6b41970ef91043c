"""SQL that PostgreSQL plans once for each connection, and not for every request.

Django writes values into the SQL; psycopg sends them beside it here, and prepares it at its first
use (see `prepare_threshold` in the settings).
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor


def rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """What the statement reads, counted as every other query; Django's log has no text of it."""
    connection.ensure_connection()
    wrapped = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    bare: Any = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]  # psycopg's
    with wrapped(bare) as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()  # type: ignore[no-any-return]
