"""Every address of the platform, as its URL resolver knows them."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLResolver, get_resolver

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
VALUES = {
    "int": "4040404",
    "slug": "cancel",
    "str": "unknown",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "path": "unknown.jpg",
}
V1 = "api/v1/"


def walk(patterns: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


ROUTES = dict(walk(get_resolver().url_patterns))
API_ROUTES = {
    route.removeprefix(V1): {method for method in METHODS if hasattr(view.cls, method.lower())}
    for route, view in ROUTES.items()
    if route.startswith(V1)
}


def filled(route: str, **values: Any) -> str:
    """The path of a route; what `values` does not name is of the right kind and nobody's."""

    def value(found: re.Match[str]) -> str:
        return str(values.get(found["name"], VALUES[found["kind"]]))

    return "/" + re.sub(r"<(?P<kind>\w+):(?P<name>\w+)>", value, route)
