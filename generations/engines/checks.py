"""Refuses to start with engines that cannot work: better now than at somebody's try-on."""

from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from generations.engines import DESIGN, TRY_ON

LIBRARIES = {"fashn": "fashn", "google": "google.genai"}
NEEDED = {
    "fashn": ["FASHN_API_KEY"],
    "cog": ["COG_URL"],
    "replicate": ["REPLICATE_TOKEN", "REPLICATE_VERSION"],
}


@register
def engines_can_work(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """One error for each thing that an engine of TRY_ON_ENGINES or DESIGN_ENGINES lacks."""
    found = _unknown("TRY_ON_ENGINES", TRY_ON) + _unknown("DESIGN_ENGINES", DESIGN)
    for engine in dict.fromkeys([*settings.TRY_ON_ENGINES, *settings.DESIGN_ENGINES]):
        found += [f"The engine {engine} needs {name}." for name in _missing(engine)]
        if engine in LIBRARIES and not _is_installed(LIBRARIES[engine]):
            found += [f"The engine {engine} needs requirements-engines.txt to be installed."]
    return [Error(text, id="leema.E002") for text in found]


def _unknown(setting: str, known: dict[str, str]) -> list[str]:
    named = getattr(settings, setting)
    if not named:
        return [f"{setting} names no engine."]
    choice = ", ".join(known)
    strangers = [name for name in named if name not in known]
    return [f"{setting} names {name}, which is none of {choice}." for name in strangers]


def _missing(engine: str) -> list[str]:
    if engine == "google" and not (settings.GOOGLE_AI_KEY or settings.GOOGLE_AI_PROJECT):
        return ["GOOGLE_AI_KEY or GOOGLE_AI_PROJECT"]
    return [name for name in NEEDED.get(engine, []) if not getattr(settings, name)]


def _is_installed(library: str) -> bool:
    try:
        return find_spec(library) is not None
    except ModuleNotFoundError:
        return False
