"""One socket: it hears what its account may hear, everything, once, in order."""

import time
from unittest import mock

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, transaction
from django.utils import timezone

from accounts import sessions
from accounts.models import AuthSession, User
from billing.tests.test_ledger import at_once
from core.principal import Principal, Role
from realtime import consumers, groups
from realtime import publish as publishing
from realtime.models import Event
from realtime.publish import publish
from realtime.testing import RecordingLayer
from realtime.tests.sockets import SocketTestCase


class SocketTests(SocketTestCase):
    async def test_it_is_greeted_and_hears_its_own_events(self):
        socket, greeting = await self.connected()
        assert (greeting["event"], greeting["client_type"]) == ("connected", "user")

        await self.say(groups.user(self.user.pk), 1)

        heard = await socket.receive_json_from()
        own = f"user:{self.user.pk}:1"
        assert heard == {"type": "hello", "data": {"number": 1}, "id": own}
        await socket.disconnect()

    async def test_it_does_not_hear_others(self):
        socket, _ = await self.connected()

        await self.say(groups.user(self.user.pk + 1), 1)
        await self.say(groups.shop(self.user.pk), 1)
        await self.say(groups.ADMINS, 1)

        assert await socket.receive_nothing()
        await socket.disconnect()

    async def test_a_burst_arrives_whole_and_in_order(self):
        socket, _ = await self.connected()

        for number in range(30):
            await self.say(groups.USERS, number)

        heard = [(await socket.receive_json_from())["data"]["number"] for _ in range(30)]
        assert heard == list(range(30))
        await socket.disconnect()

    async def test_older_clients_get_a_frame_of_their_own(self):
        socket, _ = await self.connected()

        await self.say(groups.USERS, 1, older=("older.hello", {"n": 1}))

        await socket.receive_json_from()
        older = await socket.receive_json_from()
        assert (older["event"], older["data"]) == ("older.hello", {"n": 1})
        assert "type" not in older
        assert "timestamp" in older
        await socket.disconnect()

    async def test_a_client_that_was_away_resumes(self):
        for number in (1, 2, 3):
            await self.say(groups.USERS, number)
        socket, _ = await self.connected()

        await socket.send_json_to({"type": "resume", "last_event_id": "users:1"})

        heard = [(await socket.receive_json_from())["data"]["number"] for _ in range(2)]
        assert heard == [2, 3]
        assert await socket.receive_nothing()
        await socket.disconnect()

    async def test_a_client_that_was_away_too_long_is_told(self):
        for number in (1, 2, 3):
            await self.say(groups.USERS, number)
        await Event.objects.filter(seq=2).adelete()
        socket, _ = await self.connected()

        await socket.send_json_to({"type": "resume", "last_event_id": "users:1"})

        assert (await socket.receive_json_from())["type"] == "resync_required"
        await socket.disconnect()

    async def test_nobody_resumes_the_events_of_others(self):
        await self.say(groups.ADMINS, 1)
        socket, _ = await self.connected()

        await socket.send_json_to({"type": "resume", "last_event_id": "admins:0"})
        for nonsense in ("nonsense", "x:-1", "users:-1", "users:99999999999999999999"):
            await socket.send_json_to({"type": "resume", "last_event_id": nonsense})
        for nonsense in ("{", "[]", "[" * 30_000):
            await socket.send_to(text=nonsense)
        await socket.send_to(bytes=b"\0")

        assert await socket.receive_nothing()
        await socket.disconnect()

    async def test_it_answers_a_ping(self):
        socket, _ = await self.connected()

        await socket.send_json_to({"type": "ping", "timestamp": 5})

        assert await socket.receive_json_from() == {"type": "pong", "timestamp": 5}
        await socket.disconnect()

    async def test_a_ping_brings_what_a_lost_wake_up_did_not(self):
        with mock.patch.object(consumers, "PING_SECONDS", 0.3):
            socket, _ = await self.connected()
            with mock.patch.object(publishing, "_wake"):
                await self.say(groups.USERS, 1)

            heard = await socket.receive_json_from()
            ping = await socket.receive_json_from()

        assert (heard["data"], heard["id"]) == ({"number": 1}, "users:1")
        assert "users:1" in ping["data"]["newest"]
        await socket.disconnect()

    async def test_a_database_that_restarts_does_not_end_the_pings(self):
        with mock.patch.object(consumers, "PING_SECONDS", 0.2):
            socket, _ = await self.connected()
            with mock.patch.object(consumers.reading, "newest", side_effect=OperationalError):
                assert await socket.receive_nothing(timeout=0.5)

            assert (await socket.receive_json_from())["type"] == "ping"
        await socket.disconnect()

    async def test_a_person_who_was_blocked_is_put_out_at_the_next_ping(self):
        with mock.patch.object(consumers, "PING_SECONDS", 0.3):
            socket, _ = await self.connected()
            await User.objects.aupdate(is_active=False)

            said = await socket.receive_output()

        assert (said["type"], said["code"]) == ("websocket.close", 4401)

    async def test_an_unknown_address_is_closed(self):
        assert await self.closed("user", path="/ws/foo") == 4404

    async def test_a_stranger_is_turned_away_after_accepting(self):
        assert await self.closed(None) == 4401

    async def test_a_client_of_another_kind_is_turned_away(self):
        assert await self.closed("user", query="&client_type=shop") == 4403
        assert await self.closed("user", path="/ws/admin") == 4403
        assert await self.closed("shop", query="&client_type=user") == 4403

    async def test_another_site_is_turned_away(self):
        elsewhere = [(b"origin", b"https://elsewhere.example"), (b"host", b"127.0.0.1")]
        assert await self.closed("user", headers=elsewhere) == 4403

    async def test_signing_out_closes_the_socket(self):
        socket, _ = await self.connected()

        await sync_to_async(sessions.end)(self.sessions["user"])

        said = await socket.receive_output()
        assert (said["type"], said["code"]) == ("websocket.close", 4401)

    async def test_a_session_that_ends_while_its_socket_opens_is_not_missed(self):
        join = RecordingLayer.group_add

        async def end_and_join(layer, *args):
            await AuthSession.objects.aupdate(revoked_at=timezone.now())  # nobody is told
            await join(layer, *args)

        with mock.patch.object(RecordingLayer, "group_add", end_and_join):
            assert await self.closed() == 4401

    async def test_an_event_of_a_rolled_back_change_is_never_heard(self):
        socket, _ = await self.connected()

        with pytest.raises(RuntimeError):
            await sync_to_async(self.publish_and_fail)()

        assert await socket.receive_nothing()
        assert not await Event.objects.aexists()
        await socket.disconnect()

    def publish_and_fail(self):
        with transaction.atomic():
            publish([groups.USERS], "hello", {})
            raise RuntimeError


def test_an_administrator_may_listen_as_a_user():
    assert groups.of(Principal(Role.ADMIN, 7)) == ["admins", "users", "user:7"]
    assert groups.of(Principal(Role.ADMIN, 7), "user") == ["users", "user:7"]


@pytest.mark.django_db(transaction=True)
def test_publishers_in_opposite_orders_never_wait_for_each_other():
    audiences = ["shop:1", "user:1", groups.USERS]

    def tell(number):
        with transaction.atomic():
            for audience in audiences if number % 2 else reversed(audiences):
                publish([audience], "hello", {"number": number})
                time.sleep(0.01)

    outcomes = at_once(20, tell)

    assert outcomes == ["NoneType"] * 20
    for audience in audiences:
        numbered = Event.objects.filter(audience=audience).order_by("seq")
        assert list(numbered.values_list("seq", flat=True)) == list(range(1, 21))
