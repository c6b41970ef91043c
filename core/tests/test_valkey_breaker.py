"""A Valkey that is down or hangs costs a second once, and not once for every request."""

import socket
import threading
import time
from types import SimpleNamespace

import pytest

from core.limits import counting, scopes, valkey


@pytest.fixture
def hanging(settings):
    """A server that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(100)
        settings.REDIS_URL = f"redis://127.0.0.1:{listener.getsockname()[1]}"
        yield


def seconds_to_be_refused():
    began = time.monotonic()
    with pytest.raises(valkey.Unavailable):
        counting.spend(scopes.READS, "user:1")
    return time.monotonic() - began


@pytest.mark.usefixtures("hanging")
def test_a_hanging_server_is_waited_for_once():
    assert 1.9 < seconds_to_be_refused() < 4
    # One that waited would take two seconds more.
    assert sum(seconds_to_be_refused() for _ in range(100)) < valkey.ANSWER_SECONDS


@pytest.mark.usefixtures("hanging")
def test_after_a_rest_one_tries_and_the_others_do_not_wait(monkeypatch):
    monkeypatch.setattr(valkey, "REST_SECONDS", 0.1)
    seconds_to_be_refused()
    time.sleep(0.2)
    monkeypatch.setattr(valkey, "REST_SECONDS", 60)

    waited = []
    start = threading.Barrier(10)

    def ask():
        start.wait()
        waited.append(seconds_to_be_refused() > 1.5)

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert waited.count(True) == 1


def test_a_refused_connection_is_no_error_of_ours(settings, tmp_path):
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"

    assert seconds_to_be_refused() < valkey.ANSWER_SECONDS


def test_it_is_asked_again_after_a_rest(settings, tmp_path, monkeypatch):
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(valkey, "time", SimpleNamespace(monotonic=lambda: clock.now))
    alive = settings.REDIS_URL
    server = valkey.Valkey(f"unix://{tmp_path}/later.sock")
    with pytest.raises(valkey.Unavailable):
        server.run(lambda pipe: pipe.ping())
    server._client = valkey.Valkey(alive)._client  # it is back

    clock.now += valkey.REST_SECONDS - 0.1
    with pytest.raises(valkey.Unavailable):
        server.run(lambda pipe: pipe.ping())
    clock.now += 0.1

    assert server.run(lambda pipe: pipe.ping()) == [True]
    assert server.run(lambda pipe: pipe.ping()) == [True]
