import tempfile
from pathlib import Path

import environ
import pytest
from redis.connection import parse_url

from config.launcher import addresses


@pytest.fixture
def at(monkeypatch):
    """Pretend that the repository lies in this folder."""

    def move(root):
        monkeypatch.setattr(addresses, "ROOT", Path(root))
        monkeypatch.setattr(addresses.os, "geteuid", lambda: 1000)

    return move


def test_sockets_lie_under_var(at):
    at("/home/aigerim/leema")

    assert addresses.run_folder() == Path("/home/aigerim/leema/var/run")


def test_a_long_path_gets_a_short_private_folder_of_its_own(at):
    at("/home/aigerim/" + "long" * 25)
    one = addresses.run_folder()
    at("/home/aigerim/" + "long" * 26)
    another = addresses.run_folder()

    assert one != another
    assert one.parent == Path(tempfile.gettempdir())
    assert one.name.startswith("leema-1000-")


def test_length_is_counted_in_bytes(at):
    at("/home/айгерим/" + "ұзын" * 10)

    assert addresses.run_folder().parent == Path(tempfile.gettempdir())


def test_django_reads_any_folder_out_of_the_database_url():
    folder = Path("/home/Ai gerim/100%+new/var/run")

    database = environ.Env.db_url_config(addresses.database_url(folder))

    assert database["HOST"] == str(folder)
    assert (database["NAME"], database["USER"]) == ("leema", "leema")


def test_redis_reads_any_folder_out_of_the_url():
    folder = Path("/home/Ai gerim/100%+new/var/run")

    assert parse_url(addresses.redis_url(folder))["path"] == f"{folder}/valkey.sock"


def test_a_folder_is_open_to_a_stranger_only_when_every_step_is(tmp_path):
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    for step in (inner, *inner.parents):
        if any(part.startswith("pytest-") for part in step.parts):
            step.chmod(0o755)
    assert addresses.is_open_to(54321, inner)

    inner.parent.chmod(0o700)

    assert not addresses.is_open_to(54321, inner)
