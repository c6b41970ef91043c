"""Every address that the platform answers, with one real example of each."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from urllib.parse import urlsplit

from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.exceptions import Resolver404
from django.urls.resolvers import RoutePattern

PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?\w+>")
ANYTHING = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000"}


def routes() -> list[str]:
    """The routes as Django writes them: `panel/products/<int:pk>/edit/`."""
    return sorted(set(_routes(get_resolver().url_patterns)))


def example(route: str, links: Iterable[str]) -> str:
    """An address of this route: a link that leads there, or else one with made-up parameters."""
    for link in links:
        if _route_of(link) == route:
            return link
    if "(?P" in route:  # a pattern is not easily filled in
        return ""
    return "/" + PARAMETER.sub(lambda found: ANYTHING.get(found["kind"] or "", "x"), route)


def _routes(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        text = str(pattern.pattern)
        route = prefix + (text if isinstance(pattern.pattern, RoutePattern) else text.lstrip("^"))
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route


@cache
def _route_of(link: str) -> str:
    path = urlsplit(link).path
    try:
        return resolve(path).route.replace("^", "")
    except Resolver404:
        return ""
