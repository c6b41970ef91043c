import asyncio
import json

from config.concurrency import ConcurrencyLimit


class Room:
    """An application whose requests stay until the door opens."""

    def __init__(self):
        self.inside = self.most_inside = 0
        self.door = asyncio.Event()

    async def __call__(self, scope, receive, send):
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        await self.door.wait()
        self.inside -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def ask(application, path="/api/v1/products", kind="http"):
    sent = []

    async def send(message):
        sent.append(message)

    headers = [(b"accept-language", b"en")]
    await application({"type": kind, "path": path, "headers": headers}, None, send)
    return sent


def rush(requests, **ask_options):
    """Send that many at once to a room for 24 with 60 chairs; give the room and the answers."""

    async def run():
        room = Room()
        limit = ConcurrencyLimit(room)
        asked = [asyncio.create_task(ask(limit, **ask_options)) for _ in range(requests)]
        for _ in range(5):
            await asyncio.sleep(0)
        room.door.set()
        return room, await asyncio.gather(*asked)

    return asyncio.run(run())


def test_no_more_than_24_are_at_work_and_60_wait():
    room, answers = rush(300)

    statuses = [answer[0]["status"] for answer in answers]
    assert room.most_inside == 24
    assert statuses.count(200) == 84
    assert statuses.count(503) == 216


def test_who_is_refused_is_told_when_to_come_back():
    _, answers = rush(85)

    start, body = answers[-1]
    headers = dict(start["headers"])
    assert headers[b"Retry-After"] == b"2"
    assert headers[b"Content-Type"] == b"application/problem+json"
    problem = json.loads(body["body"])
    assert problem["status"] == 503
    assert problem["code"] == "overloaded"
    assert problem["instance"] == "/api/v1/products"
    assert problem["detail"]


def test_places_are_given_back():
    async def run():
        room = Room()
        room.door.set()
        limit = ConcurrencyLimit(room, at_work=1, waiting=0)
        return [(await ask(limit))[0]["status"] for _ in range(5)]

    assert asyncio.run(run()) == [200] * 5


def test_who_reads_slowly_keeps_no_place():
    """As 24 telephones in a lift would keep all of them."""

    async def run():
        room = Room()
        room.door.set()
        limit = ConcurrencyLimit(room, at_work=1, waiting=0)
        is_read = asyncio.Event()

        async def read_slowly(message):
            if message["type"] == "http.response.body":
                await is_read.wait()

        scope = {"type": "http", "path": "/uploads/large.jpg", "headers": []}
        slow = [asyncio.create_task(limit(scope, None, read_slowly))]
        await asyncio.sleep(0)
        answers = [(await ask(limit))[0]["status"] for _ in range(3)]
        is_read.set()
        await asyncio.gather(*slow)
        return [*answers, (await ask(limit))[0]["status"]]

    assert asyncio.run(run()) == [200] * 4


def test_a_place_is_given_back_when_the_application_fails():
    async def broken(scope, receive, send):
        raise ValueError

    async def run():
        limit = ConcurrencyLimit(broken, at_work=1, waiting=0)
        failures = await asyncio.gather(ask(limit), return_exceptions=True)
        failures += await asyncio.gather(ask(limit), return_exceptions=True)
        return [type(failure) for failure in failures]

    assert asyncio.run(run()) == [ValueError, ValueError]


def test_health_checks_are_always_answered():
    room, _ = rush(300, path="/readyz")

    assert room.most_inside == 300


def test_sockets_are_not_counted():
    room, _ = rush(300, kind="websocket")

    assert room.most_inside == 300
