"""An account has five sockets and thirty messages a minute, over all processes."""

import time
from types import SimpleNamespace
from unittest import mock
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import override_settings

from billing.tests.test_ledger import at_once
from core.limits.scopes import parsed
from realtime import consumers, places
from realtime.tests.sockets import SocketTestCase


class SocketLimitTests(SocketTestCase):
    async def test_the_sixth_socket_is_closed_after_accepting(self):
        open_ones = [(await self.connected())[0] for _ in range(5)]

        assert await self.closed("user") == 4429
        shop, _ = await self.connected("shop")

        for socket in [*open_ones, shop]:
            await socket.disconnect()

    async def test_a_closed_socket_gives_its_place_to_the_next(self):
        open_ones = [(await self.connected())[0] for _ in range(5)]
        await open_ones.pop().disconnect()

        next_one, greeting = await self.connected()

        assert greeting["event"] == "connected"
        for socket in [*open_ones, next_one]:
            await socket.disconnect()

    async def test_who_is_turned_away_takes_no_place(self):
        for _ in range(6):
            assert await self.closed("user", query="&client_type=shop") == 4403

        socket, _ = await self.connected()
        await socket.disconnect()

    async def test_a_place_is_held_by_every_ping(self):
        clock = SimpleNamespace(now=time.time())
        clock.time = lambda: clock.now
        with (
            mock.patch.object(consumers, "PING_SECONDS", 0.2),
            mock.patch.object(places, "time", clock),
            override_settings(LIMIT_SOCKETS=1),
        ):
            socket, _ = await self.connected()
            for _ in range(3):
                clock.now += places.HELD_SECONDS - 1
                for _ in range(2):  # the second was surely sent after the clock had moved
                    assert (await socket.receive_json_from(timeout=10))["type"] == "ping"
                assert await self.closed("user") == 4429
        await socket.disconnect()

    async def test_the_message_after_the_last_closes_every_socket_that_sends_it(self):
        limits = {**settings.LIMITS, "socket_messages": parsed("3/minute")}
        with override_settings(LIMITS=limits):
            first, _ = await self.connected()
            second, _ = await self.connected()
            for socket in (first, second, first):
                await socket.send_json_to({"type": "ping"})
                assert (await socket.receive_json_from())["type"] == "pong"

            await second.send_json_to({"type": "ping"})

            said = await second.receive_output()
            assert (said["type"], said["code"]) == ("websocket.close", 4429)
            assert await first.receive_nothing()
        await first.disconnect()


def test_a_killed_process_gives_its_places_back(settings, monkeypatch):
    account = f"user:{uuid4().hex}"
    clock = SimpleNamespace(now=time.time())
    monkeypatch.setattr(places, "time", SimpleNamespace(time=lambda: clock.now))
    assert [places.take(account, f"killed {number}") for number in range(6)] == [True] * 5 + [False]

    clock.now += places.HELD_SECONDS - 1
    assert not places.take(account, "new")
    clock.now += 2

    assert places.take(account, "new")


def test_without_valkey_everybody_gets_a_place(settings, tmp_path):
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"

    assert all(places.take("user:1", f"socket {number}") for number in range(9))


@pytest.mark.django_db
def test_a_hundred_at_once_take_five_places():
    account = f"user:{uuid4().hex}"
    taken = []
    at_once(100, lambda number: taken.append(places.take(account, f"socket {number}")))

    assert taken.count(True) == 5
