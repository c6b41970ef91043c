"""Without Valkey, sign-in, money and generations are refused with 503; everything else goes on."""

import socket
import time

import httpx
import pytest

from accounts import tokens
from accounts.models import AuthSession
from billing.models import Payment
from config.tests.conftest import platform_server, valkey_server, wait_until
from core.limits import valkey
from generations.models import Generation
from orders.models import Order

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("transactional_db")]
ME = "/api/v1/users/me"


@pytest.fixture
def asks(aigerim, dress_on_sale):
    """What a person asks for, by (method, path, body), and whether it waits for Valkey."""
    closed = {
        "sign in": ("POST", "/api/v1/auth/google/login", {"id_token": "x", "account_type": "user"}),
        "second factor": ("POST", "/api/v1/auth/mfa/verify", {"code": "123456"}),
        "buy": ("POST", f"/api/v1/products/{dress_on_sale.pk}/purchase", {}),
        "top up": ("POST", "/api/v1/users/me/topup", {"amount": 100}),
        "generate": ("POST", "/api/v1/generations/generate", {"prompt": "a red dress"}),
    }
    goes_on = {
        "read": ("GET", ME, None),
        "search": ("GET", "/api/v1/products", None),
        "write": ("PUT", ME, {"name": "Renamed"}),
        "write and tell": ("POST", "/api/v1/wardrobe", {"name": "A coat"}),
    }
    return closed, goes_on


@pytest.fixture
def client(aigerim):
    session = AuthSession.objects.create(user=aigerim, platform="mobile")
    with httpx.Client(
        headers={"Authorization": f"Bearer {tokens.issue(session).access}"}, timeout=30
    ) as http:
        yield http


def told(client, server, asked):
    return {
        name: client.request(method, server.url + path, json=body)
        for name, (method, path, body) in asked.items()
    }


def assert_only_what_may_goes_on(client, server, asks):
    closed, goes_on = (told(client, server, asked) for asked in asks)
    for name, response in closed.items():
        assert (name, response.status_code) == (name, 503)
        assert response.json()["code"] == "limits_unavailable"
        assert response.headers["Retry-After"] == "5"
    assert [response.status_code for response in goes_on.values()] == [200, 200, 200, 201]
    assert goes_on["write"].json()["name"] == "Renamed"
    assert not Order.objects.exists()
    assert not Generation.objects.exists()
    assert not Payment.objects.exists()


def test_a_valkey_that_is_killed_and_one_that_comes_back(client, asks, tmp_path):
    path = tmp_path / "valkey.sock"
    with valkey_server(path) as killed, platform_server(REDIS_URL=f"unix://{path}") as server:
        assert told(client, server, asks[1])["read"].headers["RateLimit"]
        killed.kill()
        killed.wait()

        assert_only_what_may_goes_on(client, server, asks)

        path.unlink(missing_ok=True)
        with valkey_server(path):
            wait_until(lambda: told(client, server, asks[1])["read"].headers.get("RateLimit"))
            answers = told(client, server, asks[0])
    statuses = {name: response.status_code for name, response in answers.items()}
    assert statuses == {
        "sign in": 401,
        "second factor": statuses["second factor"],  # another room's business
        "buy": 201,
        "top up": 201,
        "generate": 202,
    }
    assert statuses["second factor"] != 503


def test_a_valkey_that_hangs_delays_the_first_and_not_the_rest(client, asks):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(200)
        address = f"redis://127.0.0.1:{listener.getsockname()[1]}"
        with platform_server(REDIS_URL=address) as server:
            first = seconds_of(client, server)
            rest = [seconds_of(client, server) for _ in range(20)]

            assert_only_what_may_goes_on(client, server, asks)

    assert first < 6
    # Whoever asks Valkey waits two seconds: one request in five seconds, and no other.
    waited = [seconds for seconds in rest if seconds > valkey.ANSWER_SECONDS]
    assert len(waited) <= 1 + sum(rest) / valkey.REST_SECONDS


def seconds_of(client, server):
    began = time.monotonic()
    assert client.get(server.url + ME).status_code == 200
    return time.monotonic() - began
