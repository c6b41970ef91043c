"""A database that restarts costs one refused request and no event, however quiet the hour."""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import httpx
import pytest
from django.db import connection
from websockets.sync.client import connect

from accounts import tokens
from accounts.models import AuthSession
from config import settings as given
from config.tests.conftest import platform_server
from realtime import groups
from realtime.publish import publish

READ = "/api/v1/categories"
OFF = {"LIMIT_ANONYMOUS": "off", "LIMIT_READS": "off"}


@pytest.fixture
def server(transactional_db, categories):
    """The platform with connections in its pool, of which all work."""
    with platform_server(DATABASE_POOL="True", **OFF) as process:
        with ThreadPoolExecutor(12) as crowd:
            statuses = list(crowd.map(httpx.get, repeat(f"{process.url}{READ}", 120)))
        assert {each.status_code for each in statuses} == {200}
        yield process


def lose_all():
    """End every connection to the database but this one; how many there were."""
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}"
        )
        return cursor.rowcount


def test_one_request_is_refused_and_the_next_are_answered(server):
    assert lose_all() > 3

    statuses = [httpx.get(f"{server.url}{READ}").status_code for _ in range(10)]

    assert statuses == [503] + [200] * 9


def test_an_event_that_could_not_be_read_comes_with_the_next(server, aigerim, settings):
    settings.CHANNEL_LAYERS = given.CHANNEL_LAYERS  # those of the server
    session = AuthSession.objects.create(user=aigerim, platform="mobile")
    with connect(f"ws://127.0.0.1:{server.port}/ws?token={tokens.issue(session).access}") as socket:
        assert json.loads(socket.recv(10))["event"] == "connected"
        lose_all()
        for number in range(2):
            publish([groups.USERS], "hello", {"number": number})

        heard = [json.loads(socket.recv(10))["data"]["number"] for _ in range(2)]

    assert heard == [0, 1]
