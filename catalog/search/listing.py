"""The visible products that an address asks for, and in which order."""

from rest_framework.request import Request

from catalog.filters import MOST_LETTERS, SORTS, ProductFilter
from catalog.models import Product, ProductQuerySet
from catalog.search import search
from core.filtering import narrowed

ALONE = {"q", "search", "limit"}


def matching(request: Request) -> ProductQuerySet:
    """All of them; values that make no sense are 422."""
    rows, text = _narrowed(request), text_of(request)
    return search().matching(rows, text) if text else rows


def ordered(request: Request) -> tuple[ProductQuerySet, str]:
    """Them, and by what they are to be sorted: by relevance unless told."""
    rows, text = _narrowed(request), text_of(request)
    sort = request.query_params.get("sort") or "relevance"
    if sort == "relevance" and text:
        return search().best(rows, text), SORTS["relevance"]
    found = search().matching(rows, text) if text else rows
    return found, SORTS["newest" if sort == "relevance" else sort]


def text_alone(request: Request) -> str:
    """What is searched for, where nothing else is asked but how much; otherwise empty."""
    text = text_of(request)
    plain = text.isprintable() and sum(map(len, request.query_params.values())) <= MOST_LETTERS
    return text if plain and request.query_params.keys() <= ALONE else ""


def text_of(request: Request) -> str:
    """What is searched for; the older clients call it `search`."""
    asked = request.query_params
    return (asked.get("q") or asked.get("search") or "").strip()


def _narrowed(request: Request) -> ProductQuerySet:
    rows = Product.objects.visible()
    if request.query_params.keys().isdisjoint(ProductFilter.base_filters):
        return rows  # a form of all filters is dear, and hides nothing that is not asked for
    return narrowed(request, ProductFilter, rows)
