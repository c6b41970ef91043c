"""The served platform on the tests' own database: what the test writes, the process reads."""

import contextlib
import os

from django.conf import settings
from django.db import connection

from config.tests.conftest import answers, free_port, python, wait_until


@contextlib.contextmanager
def served(**variables):
    """`manage.py serve` beside the test; .port says where. Needs `transactional_db`."""
    port = free_port()
    told = {"DATABASE_URL": _database_url(), "SECRET_KEY": settings.SECRET_KEY, **variables}
    with python("manage.py", "serve", "--port", port, **told) as process:
        process.port = port
        wait_until(lambda: answers(port), seconds=30)
        yield process


def _database_url():
    """That of the tests: DATABASE_URL with another name of the database."""
    address, question, options = os.environ["DATABASE_URL"].partition("?")
    name = connection.settings_dict["NAME"]
    return f"{address.rpartition('/')[0]}/{name}{question}{options}"
