"""Two workers are woken for the same generation: it is made and paid once."""

from decimal import Decimal

import pytest

from billing.models import Transaction
from billing.tests.effort import IS_FULL
from billing.tests.test_ledger import at_once
from conftest import funded
from generations import engines, pipeline
from generations.models import EngineCall, Generation
from generations.requests import request_design
from wardrobe.models import UserWardrobeItem

ROUNDS = 200 if IS_FULL else 15
PRICE = 250
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def wish(timur, monkeypatch, settings):
    """Ask for a garment that is drawn at once."""
    monkeypatch.setitem(engines.DESIGN, "quick", "generations.tests.quick_engine.QuickEngine")
    settings.DESIGN_ENGINES = ["quick"]
    funded(timur, Decimal(ROUNDS * PRICE))
    return lambda seed: request_design(timur, "a dress", seed=seed, save_to_wardrobe=True)


def both(generation):
    return at_once(2, lambda _: pipeline.run(generation.pk))


def test_it_is_delivered_once(wish, timur):
    for seed in range(ROUNDS):
        assert both(wish(seed)) == ["NoneType"] * 2

    assert Generation.objects.filter(status="succeeded", attempt=1).count() == ROUNDS
    assert EngineCall.objects.count() == UserWardrobeItem.objects.count() == ROUNDS
    captures = Transaction.objects.filter(type=Transaction.Type.GENERATION_CAPTURE, amount__lt=0)
    assert captures.count() == ROUNDS
    timur.refresh_from_db()
    assert timur.balance == 0


def test_without_the_lease_it_would_be_made_twice(wish, monkeypatch):
    monkeypatch.setattr(pipeline, "_claimed", lambda pk: Generation.objects.get(pk=pk))

    both(wish(0))

    assert EngineCall.objects.count() == 2
