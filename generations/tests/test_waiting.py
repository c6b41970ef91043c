"""`Prefer: wait=N`: the finished picture in the answer, if it is made in time."""

from threading import Timer

import pytest
from django.db import connection

from generations import engines, pipeline, queue, waiting
from generations.models import Generation

GENERATE = "/api/v1/generations/generate"


@pytest.fixture
def quick(monkeypatch, settings):
    monkeypatch.setitem(engines.DESIGN, "quick", "generations.tests.quick_engine.QuickEngine")
    settings.DESIGN_ENGINES = ["quick"]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", 0),
        ("respond-async", 0),
        ("wait=10", 10),
        ("respond-async, wait=5", 5),
        ('Wait = "7"', 7),
        ("wait=300", 30),
        ("wait=-1", 0),
        ("wait=soon", 0),
        ("nowait=9", 0),
    ],
)
def test_the_header_says_how_long(header, seconds):
    assert waiting.preferred(header) == seconds


@pytest.mark.django_db(transaction=True)
def test_the_finished_picture_is_in_the_answer(as_aigerim, quick, monkeypatch):
    monkeypatch.setattr(waiting, "LOOK_SECONDS", 0.01)
    timers = []

    def woken(pk):
        timers.append(Timer(0.2, at_last, [pk]))
        timers[0].start()

    def at_last(pk):
        pipeline.run(pk)
        connection.close()

    monkeypatch.setattr(queue, "enqueue", woken)

    response = as_aigerim.post(GENERATE, {"prompt": "a dress"}, HTTP_PREFER="wait=20")

    timers[0].join()
    body = response.json()
    assert (response.status_code, body["status"]) == (200, "succeeded")
    assert body["image_url"]
    assert body["charge_info"]["charged"] is True
    assert response["Preference-Applied"] == "wait=20"
    assert response["Location"].endswith(f"/generations/{body['id']}")


def test_what_is_not_made_in_time_is_queued(as_aigerim, aigerim, monkeypatch):
    monkeypatch.setattr(waiting, "finished", lambda pks, seconds: False)

    response = as_aigerim.post(GENERATE, {"prompt": "a dress"}, HTTP_PREFER="wait=1")

    assert (response.status_code, response.json()["status"]) == (202, "queued")
    assert "Preference-Applied" not in response


def test_nobody_waits_who_did_not_ask_to(as_aigerim, monkeypatch):
    monkeypatch.setattr(waiting, "finished", pytest.fail)

    assert as_aigerim.post(GENERATE, {"prompt": "a dress"}).status_code == 202


@pytest.mark.django_db(transaction=True)
def test_a_second_request_under_the_key_waits_for_the_same_one(as_aigerim, quick, monkeypatch):
    first = as_aigerim.post(GENERATE, {"prompt": "a dress"}, HTTP_IDEMPOTENCY_KEY="k")
    pipeline.run(first.json()["id"])

    again = as_aigerim.post(
        GENERATE, {"prompt": "a dress"}, HTTP_IDEMPOTENCY_KEY="k", HTTP_PREFER="wait=5"
    )

    assert (again.status_code, again.json()["status"]) == (200, "succeeded")
    assert again["Idempotency-Replayed"] == "true"
    assert Generation.objects.count() == 1
