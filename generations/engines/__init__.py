"""The makers of pictures: each engine stands behind the protocol in `base`."""

from functools import cache

from django.utils.module_loading import import_string

from .base import Engine

ENGINES = {
    "local": "generations.engines.local.LocalEngine",
}


@cache
def load(name: str) -> Engine:
    """The engine of that name, one instance per process; its libraries are imported only now."""
    engine: Engine = import_string(ENGINES[name])()
    return engine
