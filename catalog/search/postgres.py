"""Search by PostgreSQL alone: full text for what is there, `known_words` for what is meant."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import BooleanField, F, FloatField, Func, IntegerField, Value
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Cast, Extract, Floor, Least, Ln

from catalog.models import Product, ProductQuerySet
from catalog.search import known_words
from catalog.search.backend import Found
from catalog.search.known_words import Meaning
from core.pagination import MAX_LIMIT

CANDIDATES = 500  # the newest that match; the best are found among them
FEW = 5000  # products that have some words; more are found soon by walking over all
STEPS = 20  # of relevance; within one, the new and the popular come first
ONE_STEP = 10**6
POPULARITY = 10_000  # of a step for e times as popular
FRESHNESS = 100  # of a step for each day
OPENING = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
DAY = 24 * 60 * 60
# A table that is named first is planned for all of its rows, so that the index of words is asked;
# for the first few alone PostgreSQL would go through the products one by one.
HAVING = """
WITH found AS MATERIALIZED (
  SELECT product_id FROM product_words WHERE document @@ to_tsquery('simple', %s)
)
SELECT product_id FROM found LIMIT %s
"""
FIRST = """
SELECT pk, relevance FROM ({found}) AS newest (pk, relevance)
 ORDER BY relevance DESC, pk DESC LIMIT {most}
"""
CALLED = """
SELECT tsvector_to_array(ts_filter(document, '{a,b}')) FROM product_words WHERE product_id = %s
"""


WORDS: Any = object()  # stand in SQL that is made once for what each call gives
KEYS: Any = object()


class PostgresSearch:
    def matching(self, products: ProductQuerySet, text: str) -> ProductQuerySet:
        words, few = _asked(text)
        return _having(products, words, few) if words else products.none()

    def best(self, products: ProductQuerySet, text: str) -> ProductQuerySet:
        words, few = _asked(text)
        if words is None:
            return products.none().annotate(relevance=Value(0))
        return _best(products, words, few)

    def first(self, text: str, most: int) -> list[Found]:
        words, few = _asked(text)
        if words is None:
            return []
        sql, values = _first(most, are_few=few is not None)
        given = {id(WORDS): words, id(KEYS): few}
        with connection.cursor() as cursor:
            cursor.execute(sql, [given.get(id(value), value) for value in values])
            return [Found(*row) for row in cursor.fetchall()]

    def like(self, products: ProductQuerySet, product: Product) -> ProductQuerySet:
        of_its_kind = products.filter(category=product.category_id).exclude(pk=product.pk)
        newest = of_its_kind.order_by("-pk").values("pk")[:CANDIDATES]
        others = Product.objects.filter(pk__in=newest)
        return others.annotate(relevance=relevance(_any(_called(product))))

    def completions(self, beginning: str) -> list[str]:
        return known_words.completions(beginning)

    def learn(self) -> int:
        return known_words.learn()

    def keep_up(self, *, anew: bool = False) -> int:
        return 0  # the triggers do


def all_of(meanings: Iterable[Meaning]) -> str | None:
    """The text search query for what has all the words; None where no word says anything."""
    telling = [meaning.stems for meaning in meanings if meaning.stems]
    return " & ".join(f"({_any(stems)})" for stems in telling) if telling else None


def query(words: str) -> SearchQuery:
    """What `all_of` says, for the ORM."""
    return SearchQuery(words, config="simple", search_type="raw")


def among(products: ProductQuerySet, keys: Sequence[int]) -> ProductQuerySet:
    """Those with these keys, which PostgreSQL can walk through in their order."""
    wanted = RawSQL("%s::bigint[]", [keys])
    is_one = Func(
        F("pk"),
        wanted,
        arg_joiner=" = ANY ",
        template="%(expressions)s",
        output_field=BooleanField(),
    )
    return products.filter(is_one)


def relevance(words: str) -> Combinable:
    """An integer; see SearchBackend.best."""
    rank = Cast(SearchRank(F("words__document"), query(words)), FloatField())
    return Cast(Floor(rank * STEPS + 0.5) * ONE_STEP + _standing(), IntegerField())


def _asked(text: str) -> tuple[str | None, list[int] | None]:
    """What `all_of` says of the text, and the keys of all that have it, if these are few."""
    meanings = [meaning for meaning in known_words.meanings(text) if meaning.stems]
    words = all_of(meanings)
    of_many = len(meanings) == 1 and meanings[0].products_count > FEW
    return words, None if words is None or of_many else _few(words)


def _few(words: str) -> list[int] | None:
    """The keys of all that have the words; None where they are more than FEW."""
    with connection.cursor() as cursor:
        cursor.execute(HAVING, [words, FEW + 1])
        keys = [key for (key,) in cursor.fetchall()]
    return keys if len(keys) <= FEW else None


@lru_cache(2 * MAX_LIMIT)
def _first(most: int, *, are_few: bool) -> tuple[str, tuple[Any, ...]]:
    """SQL for the first so many; making it takes as long as asking it."""
    having = _having(Product.objects.visible(), WORDS, KEYS if are_few else None)
    newest = having.annotate(relevance=relevance(WORDS)).order_by("-pk")[:CANDIDATES]
    found, values = newest.values_list(*Found._fields).query.sql_with_params()
    return FIRST.format(found=found, most=most), values


def _best(products: ProductQuerySet, words: str, few: Sequence[int] | None) -> ProductQuerySet:
    newest = _having(products, words, few).order_by("-pk").values("pk")[:CANDIDATES]
    return Product.objects.filter(pk__in=newest).annotate(relevance=relevance(words))


def _having(products: ProductQuerySet, words: str, few: Sequence[int] | None) -> ProductQuerySet:
    """Those that have the words; where these are few, by their keys.

    PostgreSQL takes words to be independent of each other: it expects many that have all of them,
    and walks over the whole catalogue to find the first page of hardly any.
    """
    if few is None:
        return products.filter(words__document=query(words))
    return among(products, few)


def _standing() -> Combinable:
    """How new and how popular a product is, below one step. It does not change by the clock."""
    asked_for = 1 + F("views_count") + 5 * F("try_ons_count") + 20 * F("purchases_count")
    popularity = Ln(Cast(asked_for, FloatField())) * POPULARITY
    age = Cast(Extract("created_at", "epoch", tzinfo=UTC), FloatField()) - OPENING
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
