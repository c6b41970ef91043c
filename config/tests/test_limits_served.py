"""Of 200 requests at once exactly as many pass as the limit says, in the served platform."""

import http.client
import itertools
import json
import threading
from collections import Counter
from contextlib import ExitStack
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from accounts import tokens
from accounts.models import AuthSession
from config.tests.conftest import platform_server

LOGIN, ME = "/api/v1/auth/google/login", "/api/v1/users/me"
FORGED = {"id_token": "x.y.z", "account_type": "user"}
REFUSED = {429, 503}  # beyond the limit; beyond the 24 at work and 60 waiting of one process


@pytest.fixture
def fresh():
    """What tells a served platform to begin with full limits."""
    return {"LIMITS_KEY_PREFIX": f"limits:{uuid4().hex}"}


def rush(servers, requests):
    """Send each (method, path, body, headers) on an open connection of its own, all at once.

    Returns how often each status came.
    """
    start = threading.Barrier(len(requests))
    came = []

    def ask(connection, method, path, body, headers):
        start.wait()
        told = {"Content-Type": "application/json", **headers}
        connection.request(method, path, json.dumps(body), told)
        came.append(connection.getresponse().status)
        connection.close()

    threads = []
    for request, server in zip(requests, itertools.cycle(servers), strict=False):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.connect()
        threads.append(threading.Thread(target=ask, args=(connection, *request)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(came)


def sign_ins(*, forge=False):
    forged = [{"X-Forwarded-For": f"203.0.113.{number}"} if forge else {} for number in range(200)]
    return [("POST", LOGIN, FORGED, headers) for headers in forged]


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize("forge", [False, True], ids=["plain", "forged X-Forwarded-For"])
def test_ten_of_two_hundred_sign_ins_are_looked_at(fresh, forge):
    with platform_server(**fresh) as server:
        came = rush([server], sign_ins(forge=forge))
        later = rush([server], sign_ins(forge=forge)[:20])

    assert came.pop(401) == 10
    assert set(came) <= REFUSED
    assert sum(came.values()) == 190
    assert later == {429: 20}


@pytest.mark.usefixtures("transactional_db")
def test_two_processes_count_together(fresh):
    with platform_server(**fresh) as one, platform_server(**fresh) as other:
        came = rush([one, other], sign_ins())

    assert came.pop(401) == 10
    assert set(came) <= REFUSED
    assert sum(came.values()) == 190


@pytest.mark.usefixtures("transactional_db")
def test_ten_of_two_hundred_writes_of_one_person_are_done(fresh, aigerim):
    sessions = [AuthSession.objects.create(user=aigerim, platform="mobile") for _ in range(4)]
    bearers = itertools.cycle([f"Bearer {tokens.issue(session).access}" for session in sessions])
    requests = [
        ("PUT", ME, {"name": f"Name {number}"}, {"Authorization": bearer})
        for number, bearer in zip(range(200), bearers, strict=False)
    ]
    with platform_server(**fresh, LIMIT_WRITES="10/minute") as server:
        came = rush([server], requests)

    assert came.pop(200) == 10
    assert set(came) <= REFUSED
    assert sum(came.values()) == 190


@pytest.mark.usefixtures("transactional_db")
def test_two_processes_share_the_five_places_of_an_account(fresh, aigerim):
    session = AuthSession.objects.create(user=aigerim, platform="mobile")
    query = f"/ws?token={tokens.issue(session).access}"
    with (
        platform_server(**fresh) as one,
        platform_server(**fresh) as other,
        ExitStack() as sockets,
    ):

        def greeting(server):
            socket = sockets.enter_context(connect(server.url.replace("http", "ws", 1) + query))
            return json.loads(socket.recv(timeout=10))["event"]

        assert [greeting(server) for server in (one, other, one, other, one)] == ["connected"] * 5
        with pytest.raises(ConnectionClosed) as closed:
            greeting(other)

    assert closed.value.rcvd.code == 4429
