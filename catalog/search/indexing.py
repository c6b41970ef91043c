"""What OpenSearch is told of products: a document each, with the words that they are found by."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from opensearchpy import OpenSearch
from opensearchpy.helpers import bulk

from catalog.tables import WordsChange

AT_ONCE = 1000  # products
CALL_SECONDS = 30
CONNECTIONS = 20
LOCK = 0x5EA4C4  # any number that is nobody else's
DONE_ALREADY = (404, 409)  # deleted before, or told by somebody who knew better

WORDS = {"type": "keyword", "doc_values": False}  # as they are: PostgreSQL has analysed them
INDEX = {
    "mappings": {
        "dynamic": "strict",
        "properties": {
            "product": {"type": "long"},
            **dict.fromkeys(("name", "kind", "shop", "description"), WORDS),
        },
    }
}
DOCUMENTS = """
SELECT product_id, tsvector_to_array(ts_filter(document, '{a}')),
       tsvector_to_array(ts_filter(document, '{b}')),
       tsvector_to_array(ts_filter(document, '{c}')),
       tsvector_to_array(ts_filter(document, '{d}'))
  FROM product_words WHERE product_id = ANY (%s)
"""
CHANGE_ALL = """
INSERT INTO product_words_changes (product_id, number)
SELECT product_id, nextval('product_words_change_numbers') FROM product_words ORDER BY product_id
    ON CONFLICT (product_id) DO UPDATE SET number = nextval('product_words_change_numbers')
"""


def keep_up(*, anew: bool) -> int:
    """Tell of all changes, or make the index anew; returns how many products were told of.

    Raises OpenSearchException; what was not told then is told the next time. One process does it
    at a time: others leave it to that one, or, for a new index, wait as long as for any lock.
    """
    with _alone(patient=anew) as is_alone:
        if not is_alone:
            return 0
        _make_index(anew=anew)
        return sum(map(_tell, _changes()))


@cache
def client(seconds: int) -> OpenSearch:
    """One that waits so long and asks once."""
    return OpenSearch(
        settings.OPENSEARCH_URL, timeout=seconds, max_retries=0, pool_maxsize=CONNECTIONS
    )


@contextmanager
def _alone(*, patient: bool) -> Iterator[bool]:
    lock = (
        "SELECT pg_advisory_lock(%s) IS NOT NULL" if patient else "SELECT pg_try_advisory_lock(%s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(lock, [LOCK])
        [is_alone] = cursor.fetchone()
        try:
            yield is_alone
        finally:
            if is_alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _make_index(*, anew: bool) -> None:
    """Where there is none. A bulk would make one too, but without our mappings."""
    indices, index = client(CALL_SECONDS).indices, settings.OPENSEARCH_INDEX
    if anew or not indices.exists(index=index):
        _change_all()  # first: until they are told of, nobody relies on the index
        indices.delete(index=index, params={"ignore_unavailable": "true"})
        indices.create(index=index, body=INDEX)


def _change_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute(CHANGE_ALL)


def _changes() -> Iterator[dict[int, int]]:
    """Numbers of changes by their products, some at a time."""
    last = 0
    while True:
        after = WordsChange.objects.filter(pk__gt=last).order_by("pk")
        changes = dict(after.values_list("pk", "number")[:AT_ONCE])
        if not changes:
            return
        yield changes
        last = max(changes)


def _tell(changes: dict[int, int]) -> int:
    bulk(
        client(CALL_SECONDS),
        _acts(changes),
        chunk_size=AT_ONCE,
        ignore_status=DONE_ALREADY,
        index=settings.OPENSEARCH_INDEX,
        params={"refresh": "true"},
    )
    _forget(changes)
    return len(changes)


def _acts(changes: dict[int, int]) -> Iterator[dict[str, Any]]:
    documents = _documents(list(changes))
    for product, number in changes.items():
        act = {"_id": product, "version": number, "version_type": "external_gte"}
        if product in documents:
            yield {**act, "_source": documents[product]}
        else:
            yield {**act, "_op_type": "delete"}


def _documents(products: list[int]) -> dict[int, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(DOCUMENTS, [products])
        names = ("product", "name", "kind", "shop", "description")
        return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


@transaction.atomic
def _forget(changes: dict[int, int]) -> None:
    """What was told; not what has changed again, or is just changing."""
    rows = WordsChange.objects.select_for_update(skip_locked=True).filter(pk__in=changes)
    told = [row.pk for row in rows if row.number == changes[row.pk]]
    WordsChange.objects.filter(pk__in=told).delete()
