"""What one process hears is read once and handed to all its sockets, and none waits for another."""

import asyncio
from unittest import mock

from django.db import OperationalError

from realtime import consumers, groups, hub, reading
from realtime import publish as publishing
from realtime.testing import RecordingLayer
from realtime.tests.sockets import SocketTestCase


async def numbers(socket, count):
    return [(await socket.receive_json_from())["data"]["number"] for _ in range(count)]


class HubTests(SocketTestCase):
    async def test_however_many_listen_an_event_is_read_once(self):
        sockets = [(await self.connected())[0] for _ in range(5)]

        with mock.patch.object(reading, "between", wraps=reading.between) as read:
            await self.say(groups.USERS, 1)
            heard = [await numbers(socket, 1) for socket in sockets]

        assert heard == [[1]] * 5
        assert read.call_count == 1
        for socket in sockets:
            await socket.disconnect()

    async def test_the_process_joins_a_group_once_and_leaves_it_with_its_last_socket(self):
        with (
            mock.patch.object(RecordingLayer, "group_add", autospec=True) as add,
            mock.patch.object(RecordingLayer, "group_discard", autospec=True) as discard,
        ):
            sockets = [(await self.connected())[0] for _ in range(3)]
            joined = {call.args[1] for call in add.call_args_list}
            assert (len(joined), add.call_count) == (3, 3)
            for socket in sockets[:2]:
                await socket.disconnect()
                await socket.wait()
            assert not discard.called

            await sockets[2].disconnect()
            await sockets[2].wait()

        assert {call.args[1] for call in discard.call_args_list} == joined
        here = hub.of_this_loop()
        assert (here._listeners, here._told, here._hearing) == ({}, {}, None)

    async def test_who_reads_nothing_is_closed_and_delays_nobody(self):
        with mock.patch.object(consumers, "UNSENT_MAX", 2):
            stuck, _ = await self.connected()
            stuck.output_queue._maxsize = 1  # full when nobody reads
            reader, _ = await self.connected()
            for number in range(6):
                await self.say(groups.USERS, number)
                assert await numbers(reader, 1) == [number]

            said = [await stuck.receive_output() for _ in range(2)]

        assert [message["type"] for message in said] == ["websocket.send", "websocket.close"]
        assert said[1]["code"] == 4408
        assert await stuck.receive_nothing()
        for socket in (reader, stuck):
            await socket.disconnect()

    async def test_what_happens_while_a_socket_joins_is_not_missed(self):
        first, _ = await self.connected()
        newest = reading.newest

        def newest_before_it_happens(audiences):
            known = newest(audiences)
            publishing.publish([groups.USERS], "hello", {"number": 1})
            return known

        with mock.patch.object(reading, "newest", newest_before_it_happens):
            late, _ = await self.connected()

        assert await numbers(first, 1) == await numbers(late, 1) == [1]
        await self.say(groups.USERS, 2)
        assert await numbers(first, 1) == await numbers(late, 1) == [2]
        for socket in (first, late):
            await socket.disconnect()

    async def test_a_reading_that_fails_is_made_up_for_by_the_next(self):
        socket, _ = await self.connected()
        with (
            mock.patch.object(reading, "between", side_effect=OperationalError),
            self.assertLogs(hub.logger, "ERROR"),
        ):
            await self.say(groups.USERS, 1)
            assert await socket.receive_nothing()

        await self.say(groups.USERS, 2)

        assert await numbers(socket, 2) == [1, 2]
        await socket.disconnect()

    async def test_one_who_asks_for_much_waits_until_it_is_read(self):
        for number in range(3):
            await self.say(groups.USERS, number)
        socket, _ = await self.connected()
        socket.output_queue._maxsize = 1
        read = mock.Mock(wraps=hub.written)

        with mock.patch.object(hub, "written", read):
            for _ in range(2):
                await socket.send_json_to({"type": "resume", "last_event_id": "users:0"})
            await asyncio.sleep(0.3)
            assert read.call_count == 1

            assert await numbers(socket, 6) == [0, 1, 2] * 2

        await socket.disconnect()
