"""Every engine that lives elsewhere, beside a provider that answers it."""

import time

import pytest

from generations import drawing, engines
from generations.engines import remote
from generations.engines.base import GarmentCategory, Ticket, TryOnRequest
from generations.requests import request_try_on
from generations.tests.engines.fakes import (
    FakeCog,
    FakeFashn,
    FakeGemini,
    FakeGoogle,
    FakeReplicate,
    jpeg,
)

FAKES = {
    "fashn": ("fashn", FakeFashn),
    "google": ("google", FakeGoogle),
    "gemini": ("google", FakeGemini),
    "cog": ("cog", FakeCog),
    "replicate": ("replicate", FakeReplicate),
}
REQUEST = TryOnRequest(
    person=jpeg((200, 180, 160)),
    garment=jpeg((30, 40, 160), (400, 400)),
    category=GarmentCategory.TOP,
    seed=7,
    key="leema-17-0-0",
)


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(remote, "CALL_SECONDS", 0.4)


@pytest.fixture(params=list(FAKES))
def name(request):
    return request.param


@pytest.fixture
def fashn(settings):
    """The platform tries on with FASHN, which answers well unless told otherwise."""
    with FakeFashn() as fake:
        for setting, value in fake.settings().items():
            setattr(settings, setting, value)
        settings.TRY_ON_ENGINES = ["fashn"]
        engines.load.cache_clear()
        yield fake
    engines.load.cache_clear()


@pytest.fixture
def quick(monkeypatch):
    """No test waits for pauses that people would not notice."""
    monkeypatch.setattr(drawing, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(drawing, "POLL_SECONDS", 0.01)


@pytest.fixture
def try_on(aigerim, dress_on_sale, quick):
    """Aigerim, who has 1000 ₸, asks for a try-on of 150 ₸."""
    return request_try_on(aigerim, dress_on_sale, jpeg((200, 180, 160)))


@pytest.fixture
def provider(name, settings):
    """The provider, and this deployment set up for it."""
    with FAKES[name][1]() as fake:
        for setting, value in fake.settings().items():
            setattr(settings, setting, value)
        engines.load.cache_clear()
        yield fake
    engines.load.cache_clear()


@pytest.fixture
def engine(name, provider):
    return engines.load(engines.TRY_ON[FAKES[name][0]])


@pytest.fixture
def finished(engine):
    """Ask for a picture and wait for it."""

    def wait(request=REQUEST):
        answer = engine.try_on(request)
        if not isinstance(answer, Ticket):
            return answer
        while (picture := engine.poll(answer.external_id)) is None:
            time.sleep(0.01)
        return picture

    return wait
