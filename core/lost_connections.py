"""After one connection to the database is lost the others are, too: it has restarted, mostly."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def drop() -> None:
    """Take lost connections out of the pool, if there is one: each would fail another request."""
    database: Any = connections[DEFAULT_DB_ALIAS]
    if pool := database.pool:
        pool.check()
