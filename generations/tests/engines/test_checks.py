"""A platform whose engines cannot work says so before it starts."""

import pytest

from generations.engines import checks
from generations.engines.checks import engines_can_work


@pytest.fixture(autouse=True)
def _bare(settings):
    settings.TRY_ON_ENGINES = settings.DESIGN_ENGINES = ["local"]
    settings.FASHN_API_KEY = settings.GOOGLE_AI_KEY = settings.GOOGLE_AI_PROJECT = ""


def complaints():
    return [error.msg for error in engines_can_work(None)]


def test_the_local_engine_needs_nothing():
    assert complaints() == []


def test_a_name_that_is_none_is_refused(settings):
    settings.TRY_ON_ENGINES, settings.DESIGN_ENGINES = ["lokal"], ["fashn"]
    settings.FASHN_API_KEY = "k"

    assert complaints() == [
        "TRY_ON_ENGINES names lokal, which is none of local, fashn, google, cog, replicate.",
        "DESIGN_ENGINES names fashn, which is none of local, google.",
    ]


def test_so_is_none_at_all(settings):
    settings.TRY_ON_ENGINES = []

    assert complaints() == ["TRY_ON_ENGINES names no engine."]


def test_keys_are_asked_for(settings):
    settings.TRY_ON_ENGINES = ["fashn", "google", "replicate", "local"]

    assert complaints() == [
        "The engine fashn needs FASHN_API_KEY.",
        "The engine google needs GOOGLE_AI_KEY or GOOGLE_AI_PROJECT.",
        "The engine replicate needs REPLICATE_TOKEN.",
        "The engine replicate needs REPLICATE_VERSION.",
    ]


def test_so_are_libraries(settings, monkeypatch):
    settings.TRY_ON_ENGINES, settings.FASHN_API_KEY = ["fashn"], "k"
    monkeypatch.setitem(checks.LIBRARIES, "fashn", "not_there.at_all")

    assert complaints() == ["The engine fashn needs requirements-engines.txt to be installed."]
