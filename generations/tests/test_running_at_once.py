"""A person has at most five unfinished generations, however fast they ask."""

import pytest

from accounts.models import User
from billing.tests.test_ledger import at_once
from generations import requests
from generations.models import Generation
from generations.requests import TooManyRunning, request_design, request_try_on

GENERATE = "/api/v1/generations/generate"


@pytest.fixture
def generous(aigerim):
    aigerim.free_generations_left = 50
    aigerim.save(update_fields=["free_generations_left"])
    return aigerim


def finish(generation):
    generation.status, generation.error_code = Generation.Status.FAILED, "no_person"
    generation.save(update_fields=["status", "error_code"])


def test_the_sixth_waits_until_one_is_finished(generous):
    running = [request_design(generous, "a red dress") for _ in range(5)]

    with pytest.raises(TooManyRunning):
        request_design(generous, "a red dress")
    finish(running[0])

    request_design(generous, "a red dress")
    generous.refresh_from_db()
    assert (Generation.objects.count(), generous.free_generations_left) == (6, 44)


def test_try_ons_and_designs_count_together(generous, dress_on_sale, picture):
    for _ in range(5):
        request_design(generous, "a red dress")

    with pytest.raises(TooManyRunning):
        request_try_on(generous, dress_on_sale, picture)


def test_others_are_not_held_up(generous, timur):
    timur.free_generations_left = 1
    timur.save(update_fields=["free_generations_left"])
    for _ in range(5):
        request_design(generous, "a red dress")

    assert request_design(timur, "a red dress").user == timur


def test_the_api_says_when_to_come_back(as_aigerim, generous):
    for _ in range(5):
        as_aigerim.post(GENERATE, {"prompt": "a red dress"})

    response = as_aigerim.post(GENERATE, {"prompt": "a red dress"})

    assert (response.status_code, response.json()["code"]) == (429, "too_many_running")
    assert response["Retry-After"] == "10"
    assert Generation.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_five_are_made(generous):
    outcomes = at_once(20, lambda number: request_design(generous, f"a red dress {number}"))

    assert outcomes.count("Generation") == 5
    assert outcomes.count("TooManyRunning") == 15
    assert Generation.objects.count() == 5
    assert User.objects.get().free_generations_left == 45


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_more_would_be_made(generous, monkeypatch):
    class Unlocked:
        def select_for_update(self, **options):
            return User._default_manager

        def __getattr__(self, name):
            return getattr(User._default_manager, name)

    monkeypatch.setattr(requests.User, "objects", Unlocked())

    outcomes = at_once(20, lambda number: request_design(generous, f"a red dress {number}"))

    assert outcomes.count("Generation") > 5
