"""Search by OpenSearch, for catalogues that PostgreSQL searches too slowly.

OpenSearch finds: it has the same words of each product, by weight, as `product_words`. What people
mean by a word, and how alike two products are, takes PostgreSQL as long in any catalogue, and stays
its business; so do visibility, filters, facets and the last word on relevance. Both find the same.
"""

import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db.models import Q
from opensearchpy import OpenSearchException

from catalog.filters import SORTS
from catalog.models import Product, ProductQuerySet, ProductWords
from catalog.search import indexing, known_words, postgres
from catalog.search.backend import Found
from catalog.search.known_words import Meaning
from catalog.tables import WordsChange

MOST = 10_000  # keys at once; OpenSearch's own bound
CALL_SECONDS = 1
REST_SECONDS = 5  # after a failure, for each process
RESTING = "opensearch:resting"
# As PostgreSQL weighs A, B, C and D.
WEIGHTS = {"name": 10, "kind": 4, "shop": 2, "description": 1}

logger = logging.getLogger(__name__)


class OpenSearchBackend:
    """PostgreSQL answers in its stead where it is away, behind, or finds more than MOST."""

    def __init__(self) -> None:
        self.postgres = postgres.PostgresSearch()

    def matching(self, products: ProductQuerySet, text: str) -> ProductQuerySet:
        found = _found(known_words.meanings(text))
        if found is None:
            return self.postgres.matching(products, text)
        return postgres.among(products, found)

    def best(self, products: ProductQuerySet, text: str) -> ProductQuerySet:
        meanings = known_words.meanings(text)
        words, found = postgres.all_of(meanings), _found(meanings)
        if words is None or found is None:
            return self.postgres.best(products, text)
        candidates = postgres.among(Product.objects.all(), _first(products, found))
        return candidates.annotate(relevance=postgres.relevance(words))

    def first(self, text: str, most: int) -> list[Found]:
        best = self.best(Product.objects.visible(), text).order_by(SORTS["relevance"], "-pk")
        return [Found(*row) for row in best.values_list(*Found._fields)[:most]]

    def like(self, products: ProductQuerySet, product: Product) -> ProductQuerySet:
        return self.postgres.like(products, product)

    def completions(self, beginning: str) -> list[str]:
        return self.postgres.completions(beginning)

    def learn(self) -> int:
        return self.postgres.learn()

    def keep_up(self, *, anew: bool = False) -> int:
        return indexing.keep_up(anew=anew)


def _found(meanings: Sequence[Meaning]) -> list[int] | None:
    """All products that have the words, the most relevant first; None if PostgreSQL is to say.

    Of products that OpenSearch does not know as they are now PostgreSQL says whether they do. They
    are asked for first: what is indexed in the meantime is rather told twice than not at all.
    """
    if caches["process"].get(RESTING) or (changed := _changed(meanings)) is None:
        return None
    indexed = _asked([meaning.stems for meaning in meanings if meaning.stems])
    if indexed is None or len(indexed) >= MOST:
        return None
    fresh = [pk for pk, has_words in changed.items() if has_words]
    return fresh + [pk for pk in indexed if pk not in changed]


def _changed(meanings: Sequence[Meaning]) -> dict[int, bool] | None:
    """Whether each product that waits to be indexed has the words; None if too many wait."""
    words = postgres.all_of(meanings)
    if words is None:
        return None
    waiting = ProductWords.objects.filter(pk__in=WordsChange.objects.values("pk"))
    has_words = Q(document=postgres.query(words))
    rows = waiting.annotate(has_words=has_words).values_list("pk", "has_words")
    changed = dict(rows[: MOST + 1])
    return changed if len(changed) <= MOST else None


def _asked(words: list[Sequence[str]]) -> list[int] | None:
    """What OpenSearch finds for all of the words, each any of some stems; None if it fails."""
    try:
        return _answered(_question(words))
    except OpenSearchException as error:
        logger.warning("PostgreSQL searches for a while: %s", error)
        caches["process"].set(RESTING, value=True, timeout=REST_SECONDS)
        return None


def _answered(question: dict[str, Any]) -> list[int]:
    answer = indexing.client(CALL_SECONDS).search(
        index=settings.OPENSEARCH_INDEX,
        body=question,
        params={"allow_partial_search_results": "false", "filter_path": "took,hits.hits.sort"},
    )
    if "took" not in answer:
        raise OpenSearchException("The answer is none of a search.")
    return [hit["sort"][1] for hit in answer.get("hits", {}).get("hits", [])]


def _question(words: list[Sequence[str]]) -> dict[str, Any]:
    return {
        "query": {"bool": {"must": [_word(stems) for stems in words]}},
        "sort": [{"_score": "desc"}, {"product": "desc"}],
        "size": MOST,
        "_source": False,
        "track_total_hits": False,
    }


def _word(stems: Sequence[str]) -> dict[str, Any]:
    by_field = [
        {"constant_score": {"filter": {"terms": {field: list(stems)}}, "boost": weight}}
        for field, weight in WEIGHTS.items()
    ]
    return {"dis_max": {"queries": by_field}}


def _first(products: ProductQuerySet, found: list[int]) -> list[int]:
    """The most relevant of the products."""
    among = postgres.among(products, found).order_by()
    wanted = set(among.values_list("pk", flat=True))
    return [pk for pk in found if pk in wanted][: postgres.CANDIDATES]
