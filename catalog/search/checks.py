"""Refuses to start with a search that cannot work."""

from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from catalog.search import BACKENDS


@register
def search_can_work(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """One error for each thing that SEARCH_BACKEND lacks."""
    return [Error(text, id="leema.E003") for text in _missing(settings.SEARCH_BACKEND)]


def _missing(backend: str) -> list[str]:
    if backend not in BACKENDS:
        return [f"SEARCH_BACKEND names {backend}, which is none of {', '.join(BACKENDS)}."]
    if backend == "postgres":
        return []
    found = []
    if not _is_address(settings.OPENSEARCH_URL):
        found.append("OPENSEARCH_URL is to be http(s)://user:password@host:port, or without user.")
    if not settings.OPENSEARCH_INDEX:
        found.append("The search by opensearch needs OPENSEARCH_INDEX.")
    if find_spec("opensearchpy") is None:
        found.append("The search by opensearch needs requirements-engines.txt to be installed.")
    return found


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    whole = (parts.username is None) == (parts.password is None)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and whole
