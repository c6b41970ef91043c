import environ
import psycopg
import pytest
import redis

from config.launcher import place, servers
from config.launcher.processes import Children
from config.launcher.stop_request import StopRequest
from config.tests.conftest import lives


@pytest.fixture
def _without_deployment(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.mark.usefixtures("_without_deployment")
def test_both_answer_and_leave_nothing_behind():
    with place.temporary() as folder, Children(StopRequest()) as children:
        told = servers.start(children, folder)
        processes = [child.process.pid for child in children._running]
        database = environ.Env.db_url_config(told["DATABASE_URL"])
        with psycopg.connect(
            host=database["HOST"], user=database["USER"], dbname=database["NAME"]
        ) as connection:
            version, encoding = connection.execute(
                "SELECT current_setting('server_version_num')::int,"
                " current_setting('server_encoding')"
            ).fetchone()
        with redis.Redis.from_url(told["REDIS_URL"]) as client:
            pong = client.ping()

    assert version >= 150000
    assert (encoding, pong) == ("UTF8", True)
    assert len(processes) == 2
    assert not any(lives(process) for process in processes)
    assert not folder.run.exists()


def test_what_the_deployment_names_is_not_started(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/leema")
    monkeypatch.setenv("REDIS_URL", "redis://redis.example")
    with place.temporary() as folder, Children(StopRequest()) as children:
        told = servers.start(children, folder)

        assert children._running == []
    assert told["DATABASE_URL"] == "postgresql://db.example/leema"
    assert told["REDIS_URL"] == "redis://redis.example"
