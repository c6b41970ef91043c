"""Finding products by what people type."""

from catalog.search.backend import SearchBackend
from catalog.search.postgres import PostgresSearch

search: SearchBackend = PostgresSearch()
