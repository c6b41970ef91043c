import json

import pytest
from django.core.cache import cache
from django.db import DatabaseError
from django.test import RequestFactory

from config import health


@pytest.fixture
def ask():
    """Ask a view; give the status and the body."""

    def call(view):
        response = view(RequestFactory().get("/"))
        return response.status_code, json.loads(response.content)

    return call


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def test_the_process_answers_whatever_the_rest_does(ask):
    health.draining.set()
    try:
        assert ask(health.healthz) == (200, {"status": "ok"})
    finally:
        health.draining.clear()


@pytest.mark.django_db
def test_all_is_well(ask):
    well = {"database": "ok", "migrations": "ok", "disk": "ok", "draining": "ok", "redis": "ok"}

    engines = {"local": "ok"}
    assert ask(health.readyz) == (200, {"status": "ok", "checks": well, "engines": engines})


@pytest.mark.django_db
def test_without_redis_it_serves_on(ask, monkeypatch):
    def refuse(*arguments):
        raise ConnectionError

    monkeypatch.setattr(type(cache._connections["default"]), "get", refuse)

    status, body = ask(health.readyz)

    assert (status, body["status"]) == (200, "degraded")
    assert body["checks"]["redis"] == "can't be reached"


def test_without_the_database_it_is_not_ready(ask, monkeypatch):
    def refuse():
        raise DatabaseError

    monkeypatch.setattr(health.connection, "cursor", refuse)

    status, body = ask(health.readyz)

    assert (status, body["status"]) == (503, "failed")
    assert body["checks"]["database"] == "can't be reached"
    assert "migrations" not in body["checks"]


@pytest.mark.django_db
def test_an_unapplied_migration_is_seen_until_it_is_applied(ask, monkeypatch):
    monkeypatch.setattr(health, "_migrated", health.threading.Event())
    planned = [["a migration"], [], ["never asked again"]]
    monkeypatch.setattr(
        health.MigrationExecutor, "migration_plan", lambda executor, targets: planned.pop(0)
    )

    answers = [ask(health.readyz) for _ in range(3)]

    assert [status for status, _ in answers] == [503, 200, 200]
    assert answers[0][1]["checks"]["migrations"] == "some are not applied"


@pytest.mark.django_db
def test_a_full_disk_is_not_ready(ask, monkeypatch):
    usage = type("Usage", (), {"free": 200 * 1024**2})
    monkeypatch.setattr(health.shutil, "disk_usage", lambda folder: usage)

    status, body = ask(health.readyz)

    assert (status, body["checks"]["disk"]) == (503, "only 200 MB free")


@pytest.mark.django_db
def test_uploads_that_can_not_be_made_are_not_ready(ask, settings, tmp_path):
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file" / "uploads"

    status, body = ask(health.readyz)

    assert (status, body["checks"]["disk"]) == (503, "there is no folder for uploads")


@pytest.mark.django_db
def test_a_process_that_is_stopping_is_not_ready(ask):
    health.draining.set()
    try:
        status, body = ask(health.readyz)
    finally:
        health.draining.clear()

    assert (status, body["checks"]["draining"]) == (503, "stopping")
