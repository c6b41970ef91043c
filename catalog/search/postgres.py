"""Search by PostgreSQL alone: full text for what is there, `known_words` for what is meant."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import F, FloatField, IntegerField, Value
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Cast, Extract, Least, Ln, Round

from catalog.models import Product, ProductQuerySet, ProductWords
from catalog.search import known_words
from catalog.search.known_words import Meaning

CANDIDATES = 500  # the newest that match; the best are found among them
FEW = 10_000  # products that have some words; the others are found soon by walking over all
STEPS = 20  # of relevance; within one, the new and the popular come first
ONE_STEP = 10**6
POPULARITY = 10_000  # of a step for e times as popular
FRESHNESS = 100  # of a step for each day
OPENING = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
DAY = 24 * 60 * 60
CALLED = """
SELECT tsvector_to_array(ts_filter(document, '{a,b}')) FROM product_words WHERE product_id = %s
"""


class PostgresSearch:
    def matching(self, products: ProductQuerySet, text: str) -> ProductQuerySet:
        query = all_of(known_words.meanings(text))
        return _having(products, query) if query else products.none()

    def best(self, products: ProductQuerySet, text: str) -> ProductQuerySet:
        query = all_of(known_words.meanings(text))
        if query is None:
            return products.none().annotate(relevance=Value(0))
        return _newest(products, query).annotate(relevance=relevance(query))

    def like(self, products: ProductQuerySet, product: Product) -> ProductQuerySet:
        of_its_kind = products.filter(category=product.category_id).exclude(pk=product.pk)
        newest = of_its_kind.order_by("-pk").values("pk")[:CANDIDATES]
        others = Product.objects.filter(pk__in=newest)
        return others.annotate(relevance=relevance(_raw(_any(_called(product)))))

    def completions(self, beginning: str) -> list[str]:
        return known_words.completions(beginning)

    def learn(self) -> int:
        return known_words.learn()

    def keep_up(self, *, anew: bool = False) -> int:
        return 0  # the triggers do


def all_of(meanings: Iterable[Meaning]) -> SearchQuery | None:
    """What has all the words; None where no word says anything."""
    telling = [meaning.stems for meaning in meanings if meaning.stems]
    return _raw(" & ".join(f"({_any(stems)})" for stems in telling)) if telling else None


def among(products: ProductQuerySet, keys: Sequence[int]) -> ProductQuerySet:
    return products.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [list(keys)]))


def relevance(query: SearchQuery) -> Combinable:
    """An integer; see SearchBackend.best."""
    steps = Round(Cast(SearchRank(F("words__document"), query), FloatField()) * STEPS)
    return Cast(steps * ONE_STEP + _standing(), IntegerField())


def _having(products: ProductQuerySet, query: SearchQuery) -> ProductQuerySet:
    """Where few have the words, these few by their keys.

    PostgreSQL takes words to be independent of each other: it expects many that have all of them,
    and walks over the whole catalogue by price to find the first page of hardly any.
    """
    having = ProductWords.objects.filter(document=query).values_list("product", flat=True)
    few = list(having[: FEW + 1])
    if len(few) > FEW:
        return products.filter(words__document=query)
    return among(products, few)


def _newest(products: ProductQuerySet, query: SearchQuery) -> ProductQuerySet:
    matching = products.filter(words__document=query).order_by("-pk")
    return Product.objects.filter(pk__in=matching.values("pk")[:CANDIDATES])


def _standing() -> Combinable:
    """How new and how popular a product is, below one step. It does not change by the clock."""
    asked_for = 1 + F("views_count") + 5 * F("try_ons_count") + 20 * F("purchases_count")
    popularity = Ln(Cast(asked_for, FloatField())) * POPULARITY
    age = Cast(Extract("created_at", "epoch"), FloatField()) - OPENING
    return Least(popularity + age / DAY * FRESHNESS, Value(ONE_STEP - 1.0))


def _called(product: Product) -> Sequence[str]:
    """The stems of the product's name, category and colours."""
    with connection.cursor() as cursor:
        cursor.execute(CALLED, [product.pk])
        row = cursor.fetchone()
    return row[0] if row else []


def _any(stems: Iterable[str]) -> str:
    quoted = (stem.replace("\\", r"\\").replace("'", "''") for stem in stems)
    return " | ".join(f"'{stem}'" for stem in quoted)


def _raw(query: str) -> SearchQuery:
    return SearchQuery(query, config="simple", search_type="raw")
