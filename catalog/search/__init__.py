"""Finding products by what people type."""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from catalog.search.backend import SearchBackend

BACKENDS = {
    "postgres": "catalog.search.postgres.PostgresSearch",
    "opensearch": "catalog.search.opensearch.OpenSearchBackend",
}


def search() -> SearchBackend:
    """What SEARCH_BACKEND names; its library is imported only now."""
    backend: SearchBackend = _load(BACKENDS[settings.SEARCH_BACKEND])
    return backend


@cache
def _load(path: str) -> Any:
    return import_string(path)()
