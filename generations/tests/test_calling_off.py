"""The owner calls a generation off, deletes a finished one; an operator recovers all of them."""

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_q.models import OrmQ

from core import storage
from generations import engines, pipeline, removal
from generations.models import Generation
from generations.requests import request_design, request_try_on
from wardrobe import keeping

BASE = "/api/v1/generations"


@pytest.fixture
def drawn(aigerim, monkeypatch, settings):
    """A finished garment of Aigerim's, not in her wardrobe."""
    monkeypatch.setitem(engines.DESIGN, "quick", "generations.tests.quick_engine.QuickEngine")
    settings.DESIGN_ENGINES = ["quick"]
    generation = request_design(aigerim, "a red dress")
    pipeline.run(generation.pk)
    generation.refresh_from_db()
    return generation


def test_a_queued_one_is_called_off_and_paid_back(as_aigerim, aigerim):
    generation = request_design(aigerim, "a red dress")

    response = as_aigerim.post(f"{BASE}/{generation.pk}/cancel")

    body = response.json()
    assert (response.status_code, body["status"], body["error"]["code"]) == (
        200,
        "failed",
        "canceled",
    )
    aigerim.refresh_from_db()
    assert aigerim.balance == 1000
    pipeline.run(generation.pk)
    assert Generation.objects.get().status == "failed"


def test_one_in_hand_is_not(as_aigerim, aigerim):
    generation = request_design(aigerim, "a red dress")
    pipeline._claimed(generation.pk)

    response = as_aigerim.post(f"{BASE}/{generation.pk}/cancel")

    assert (response.status_code, response.json()["code"]) == (409, "already_begun")
    aigerim.refresh_from_db()
    assert (aigerim.balance, Generation.objects.get().status) == (750, "running")


def test_a_finished_one_is_deleted_with_its_picture(as_aigerim, drawn):
    response = as_aigerim.delete(f"{BASE}/{drawn.pk}")

    assert (response.status_code, response.json()["id"]) == (200, drawn.pk)
    assert as_aigerim.get(f"{BASE}/{drawn.pk}").status_code == 404
    assert as_aigerim.get(f"{BASE}/history").json()["items"] == []
    row = Generation.objects.get()
    assert (row.prompt, row.result, row.status) == ("", "", "succeeded")
    verdict = as_aigerim.get(f"{BASE}/verify", {"sha256": row.result_sha256})
    assert verdict.json()["made_here"] is True


def test_the_files_go_once_it_is_committed(drawn, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        removal.remove(drawn)
        assert storage.read(drawn.result)

    with pytest.raises(FileNotFoundError):
        storage.read(drawn.result)


def test_one_in_the_wardrobe_stays(as_aigerim, aigerim, drawn):
    keeping.keep(aigerim, "generated", generation=drawn, name="Red dress")

    response = as_aigerim.delete(f"{BASE}/{drawn.pk}")

    assert (response.status_code, response.json()["code"]) == (409, "in_wardrobe")
    assert Generation.objects.get().result == drawn.result


def test_an_unfinished_one_stays(as_aigerim, aigerim):
    generation = request_design(aigerim, "a red dress")

    response = as_aigerim.delete(f"{BASE}/{generation.pk}")

    assert (response.status_code, response.json()["code"]) == (409, "generation_unfinished")


def test_an_operator_wakes_a_worker_for_whatever_was_lost(aigerim, dress_on_sale, picture, capsys):
    running = request_design(aigerim, "a red dress")
    pipeline._claimed(running.pk)
    request_try_on(aigerim, dress_on_sale, picture)
    done = request_design(aigerim, "a coat")
    pipeline.call_off(done)
    OrmQ.objects.all().delete()

    call_command("recover_generations")

    assert capsys.readouterr().out == "2 generations wait for the workers.\n"
    assert OrmQ.objects.count() == 2
    running.refresh_from_db()
    assert running.lease_until <= timezone.now()
    assert pipeline._claimed(running.pk)
