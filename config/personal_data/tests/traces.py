"""Looks for words in every column of every table, in every file, and in what the cache holds."""

import json
from pathlib import Path
from zipfile import ZipFile, is_zipfile

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django_q.models import OrmQ

COLUMNS = """
SELECT quote_ident(table_name), quote_ident(column_name)
  FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
  WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
"""


def traces_of(words):
    """Where each word is found: {("users.email", "a@x.kz"), ...}."""
    places = [*_columns(), *_decoded(), *_files(), *_cached()]
    return {(place, word) for place, text in places for word in words if _holds(text, word)}


def _holds(text, word):
    escaped = json.dumps(word)[1:-1]  # as JSON in a text column writes what is not ASCII
    return word.lower() in text.lower() or escaped.lower() in text.lower()


def _columns():
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        for table, column in cursor.fetchall():
            cursor.execute(f"SELECT string_agg({column}::text, E'\\n') FROM {table}")
            yield f"{table}.{column}", cursor.fetchone()[0] or ""


def _decoded():
    for session in Session.objects.all():
        yield "django_session.session_data", repr(session.get_decoded())
    for queued in OrmQ.objects.all():
        yield "django_q_ormq.payload", repr(queued.task)


def _files():
    root = Path(settings.UPLOAD_DIR)
    for path in root.rglob("*"):
        yield "file name", path.relative_to(root).as_posix()
        if path.is_file():
            yield "file", path.read_bytes().decode("utf-8", "replace")
        if path.is_file() and is_zipfile(path):
            with ZipFile(path) as archive:
                for name in archive.namelist():
                    yield "file in a zip", archive.read(name).decode("utf-8", "replace")


def _cached():
    for key, value in cache._cache.items():
        yield "cache", f"{key} {value.decode('utf-8', 'replace')}"
