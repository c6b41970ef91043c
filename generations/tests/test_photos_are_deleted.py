"""A person's photo goes when its time is over, and leaves no address behind."""

import os
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from config.personal_data import tasks
from core import storage
from generations import photos
from generations.models import Generation
from generations.requests import request_try_on

DAY, HOUR = 24, 1


@pytest.fixture
def tried_on(aigerim, dress_on_sale, picture):
    """A try-on that finished so many hours ago."""

    def make(hours, status="succeeded", by=aigerim):
        by.free_try_ons_left = 1
        by.save(update_fields=["free_try_ons_left"])
        generation = request_try_on(by, dress_on_sale, picture)
        outcome = {"result": "x"} if status == "succeeded" else {"error_code": "no_person"}
        finished = timezone.now() - timedelta(hours=hours)
        rows = Generation.objects.filter(pk=generation.pk)
        rows.update(status=status, finished_at=finished, **outcome)
        return generation

    return make


def has_photo(generation):
    """Whether file and address are there; never one of them alone."""
    row = Generation.objects.get(pk=generation.pk)
    is_file = (storage._path(generation.original)).exists()
    assert bool(row.original) == is_file
    return is_file


@pytest.mark.parametrize(
    ("choice", "status", "hours", "is_kept"),
    [
        ("30_days", "succeeded", 30 * DAY - HOUR, True),
        ("30_days", "succeeded", 30 * DAY + HOUR, False),
        ("30_days", "failed", DAY - HOUR, True),
        ("30_days", "failed", DAY + HOUR, False),
        ("at_once", "succeeded", 0, False),
        ("at_once", "failed", 0, False),
        ("keep", "succeeded", 400 * DAY, True),
        ("keep", "failed", DAY + HOUR, False),
    ],
)
def test_each_goes_when_its_owner_wants(tried_on, aigerim, choice, status, hours, is_kept):
    generation = tried_on(hours, status)
    aigerim.photo_retention = choice
    aigerim.save(update_fields=["photo_retention"])

    tasks.delete_due_photos()
    tasks.delete_due_photos()

    assert has_photo(generation) is is_kept


def test_an_unfinished_one_keeps_its_photo(aigerim, dress_on_sale, picture):
    aigerim.photo_retention = "at_once"
    aigerim.save(update_fields=["photo_retention"])
    generation = request_try_on(aigerim, dress_on_sale, picture)

    tasks.delete_due_photos()

    assert has_photo(generation)


def test_at_once_is_when_the_worker_is_done(as_aigerim, aigerim, dress_on_sale, picture, work):
    response = as_aigerim.put("/api/v1/users/me", {"photo_retention": "at_once"})
    assert response.json()["photo_retention"] == "at_once"
    generation = request_try_on(aigerim, dress_on_sale, picture)

    work()

    assert not has_photo(generation)
    shown = as_aigerim.get(f"/api/v1/generations/{generation.pk}").json()
    assert shown["original_url"] is None


def test_the_choice_is_one_of_three(as_aigerim):
    assert as_aigerim.get("/api/v1/users/me").json()["photo_retention"] == "30_days"
    response = as_aigerim.put("/api/v1/users/me", {"photo_retention": "forever"})

    assert response.status_code == 422


def test_a_crash_between_file_and_row_is_mended_by_the_next_run(tried_on):
    generation = tried_on(31 * DAY)
    storage.delete(generation.original)  # killed right after this

    assert tasks.delete_due_photos() == 1

    assert Generation.objects.get(pk=generation.pk).original == ""


def test_what_cannot_be_deleted_keeps_its_address(tried_on):
    generation = tried_on(31 * DAY)
    storage.delete(generation.original)
    storage._path(generation.original).mkdir()  # nothing deletes a folder as a file

    with pytest.raises(OSError, match="original"):
        tasks.delete_due_photos()

    assert has_photo(generation)


def test_the_photo_of_a_request_that_never_happened_goes_after_a_day(tried_on, aigerim, timur):
    kept = tried_on(HOUR)
    orphans = [
        storage.write(storage.generation_original(aigerim.pk, 10**9), b"new"),
        storage.write(storage.generation_original(aigerim.pk, 10**9 + 1), b"old"),
        storage.write(storage.generation_original(timur.pk, kept.pk), b"old, of somebody else"),
    ]
    yesterday = time.time() - 25 * 3600
    for name in (*orphans[1:], kept.original):
        os.utime(storage._path(name), (yesterday, yesterday))

    assert photos.delete_orphans() == 2

    assert has_photo(kept)
    assert [storage._path(name).exists() for name in orphans] == [True, False, False]
