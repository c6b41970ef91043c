"""The makers of pictures: each engine stands behind the protocols in `base`."""

from functools import cache
from typing import Any

from django.utils.module_loading import import_string

TRY_ON = {
    "local": "generations.engines.local.LocalEngine",
    "fashn": "generations.engines.fashn.FashnEngine",
    "google": "generations.engines.google.GoogleEngine",
    "cog": "generations.engines.cog.CogEngine",
    "replicate": "generations.engines.replicate.ReplicateEngine",
}
DESIGN = {
    "local": "generations.engines.local.LocalEngine",
    "google": "generations.engines.google.GoogleEngine",
}


@cache
def load(path: str) -> Any:
    """The engine of that class, one instance per process; its libraries are imported only now."""
    return import_string(path)()
