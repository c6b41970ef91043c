"""Of 200 requests at once exactly as many pass as the limit says, in the served platform."""

import asyncio
import itertools
import json
from collections import Counter
from contextlib import ExitStack
from uuid import uuid4

import httpx
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


def rush(requests, *, in_flight=200):
    """Send (method, url, options) of every request at once; how often each status came."""

    async def run():
        limits = httpx.Limits(max_connections=in_flight)
        async with httpx.AsyncClient(timeout=60, limits=limits) as client:
            asked = (client.request(method, url, **more) for method, url, more in requests)
            return await asyncio.gather(*asked)

    return Counter(response.status_code for response in asyncio.run(run()))


def sign_ins(*servers, times=200, forge=False):
    for number, server in zip(range(times), itertools.cycle(servers)):
        headers = {"X-Forwarded-For": f"203.0.113.{number}"} if forge else {}
        yield "POST", server.url + LOGIN, {"json": FORGED, "headers": headers}


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize("forge", [False, True], ids=["plain", "forged X-Forwarded-For"])
def test_ten_of_two_hundred_sign_ins_are_looked_at(fresh, forge):
    with platform_server(**fresh) as server:
        came = rush(sign_ins(server, forge=forge))
        later = rush(sign_ins(server, forge=forge), in_flight=20)

    assert came[401] == 10
    assert set(came) <= {401, *REFUSED}
    assert later == {429: 200}


@pytest.mark.usefixtures("transactional_db")
def test_two_processes_count_together(fresh):
    with platform_server(**fresh) as one, platform_server(**fresh) as other:
        came = rush(sign_ins(one, other), in_flight=100)

    assert came == {401: 10, 429: 190}


@pytest.mark.usefixtures("transactional_db")
def test_ten_of_two_hundred_writes_of_one_person_are_done(fresh, aigerim):
    sessions = [AuthSession.objects.create(user=aigerim, platform="mobile") for _ in range(4)]
    bearers = itertools.cycle([f"Bearer {tokens.issue(session).access}" for session in sessions])
    requests = [
        ("PUT", ME, {"json": {"name": f"Name {number}"}, "headers": {"Authorization": bearer}})
        for number, bearer in zip(range(200), bearers, strict=False)
    ]
    with platform_server(**fresh, LIMIT_WRITES="10/minute") as server:
        came = rush((method, server.url + path, more) for method, path, more in requests)

    assert came[200] == 10
    assert set(came) <= {200, *REFUSED}


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
