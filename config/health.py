"""Tells whether this process lives, and whether it should be sent requests."""

import os
import shutil
import threading
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

FREE_MIN_MB = 200
OK = "ok"
draining = threading.Event()
_migrated = threading.Event()


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is looked at."""
    return _answer({"status": OK}, HTTPStatus.OK)


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when requests can be served, "degraded" without Redis; else 503. Names every check.

    How the engines are is told beside: without them everything else goes on.
    """
    needed = {"database": _database(), "disk": _disk(), "draining": _draining()}
    if needed["database"] == OK:
        needed["migrations"] = _migrations()
    redis = _redis()
    is_ready = set(needed.values()) == {OK}
    status = "failed" if not is_ready else OK if redis == OK else "degraded"
    engines = _engines() if is_ready else {}
    return _answer(
        {"status": status, "checks": {**needed, "redis": redis}, "engines": engines},
        HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE,
    )


def _answer(body: dict[str, object], status: HTTPStatus) -> JsonResponse:
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "can't be reached"
    return OK


def _migrations() -> str:
    """Once all are applied they stay so for as long as this process runs this code."""
    if not _migrated.is_set():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "some are not applied"
        _migrated.set()
    return OK


def _disk() -> str:
    folder = Path(settings.MEDIA_ROOT)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free_mb = shutil.disk_usage(folder).free // 1024**2
    except OSError:
        return "there is no folder for uploads"
    if not os.access(folder, os.W_OK):
        return "uploads can't be written"
    return OK if free_mb > FREE_MIN_MB else f"only {free_mb} MB free"


def _engines() -> dict[str, str]:
    # Imported late: the server takes `draining` from here before there are apps.
    from generations import circuit  # noqa: PLC0415

    return circuit.health()


def _draining() -> str:
    return "stopping" if draining.is_set() else OK


def _redis() -> str:
    try:
        cache.get("health")
    except Exception:  # noqa: BLE001 - whatever the client raises, the answer is the same
        return "can't be reached"
    return OK
