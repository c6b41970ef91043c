"""How soon an event that concerns everybody is with everybody, and what that costs.

    .venv/bin/python benchmarks/sockets.py [--sockets 1000]
        [--reference DIR --reference-python PYTHON]

Starts servers of its own, as `./leema up` does, and one process that serves; connects so many
people, each with a session of their own, and publishes events for all users: first one at a time,
then fifty in a row, then one at a time again while somebody connected reads nothing. With a
reference (an `app.py` of FastAPI whose `/ws` sends on what is published on Redis as `bench.events`)
it does the same there, in the same run. An event counts from the call that publishes it, with us
its transaction and its row among that, until a client has the whole frame.

Goals, one process: the 95th percentile of one event to 1 000 sockets at most 60 ms, none lost,
nobody delayed by the one who reads nothing, at most the CPU for a delivery that the reference
needs, and at most 40 KB for a connection.
"""

import argparse
import asyncio
import base64
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks import peers  # noqa: E402 - found above
from benchmarks.catalogue import server  # noqa: E402 - as above

EVENTS, BURST = 20, 50
WAIT_SECONDS = 30
AT_ONCE = 20  # that connect
PING = 9  # RFC 6455, 11.8
SECRET = "bench-secret-bench-secret-bench-secret"  # noqa: S105 - what the reference's app.py takes
SAID = {
    "id": 1,
    "name": "Платье синее с поясом",
    "description": "Свободный крой, аккуратные швы, подходит для повседневной носки. " * 4,
    "images": [f"https://example.kz/uploads/products/1/image_{number}.webp" for number in range(4)],
}
Publish = Callable[[int], Awaitable[Any]]


@dataclass
class Heard:
    """When frames of events came, from whichever client."""

    times: list[float] = field(default_factory=list)
    wanted: int = 0
    all_came: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, count: int) -> None:
        self.times += [time.perf_counter()] * count
        if len(self.times) >= self.wanted:
            self.all_came.set()


class Client(asyncio.Protocol):
    """As little of a WebSocket client as can count frames: it must cost less than the server."""

    def __init__(self, address: str, heard: Heard) -> None:
        self.heard, self.address = heard, address
        self.opened = asyncio.get_running_loop().create_future()
        self.kept = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET {self.address} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
            f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self.kept += data
        if not self.opened.done():
            head, found, self.kept = self.kept.partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 101"), head
            self.opened.set_result(found)
        events = 0
        while (length := _whole(self.kept)) is not None:
            frame, self.kept = self.kept[:length], self.kept[length:]
            if frame[0] & 15 == PING:
                self.transport.write(b"\x8a\x80\0\0\0\0")
            events += b'"product_moderation_completed"' in frame
        if events:
            self.heard.note(events)


def _whole(data: bytes) -> int | None:
    """How long the first frame is, when all of it is there."""
    if len(data) < 4:  # noqa: PLR2004 - the shortest head that says a length of two bytes
        return None
    said = data[1]
    assert said < 127  # noqa: PLR2004 - no frame of the benchmark is that long
    length = 4 + int.from_bytes(data[2:4]) if said == 126 else 2 + said  # noqa: PLR2004 - RFC 6455
    return length if len(data) >= length else None


def main() -> None:
    options = arguments()
    with server():
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
        import django  # noqa: PLC0415 - its settings are known now

        django.setup()
        print(f"{f'{options.sockets} sockets of one process':<28}", end="")
        print(
            f"{'p50':>10}{'p95':>8}{'worst':>8} ms{'CPU':>8} µs each{'burst':>9}/s{'lost':>6}",
            end="",
        )
        print(f"{'p95, one stuck':>17} ms{'memory':>9} KB each")
        ours = peers.our_server()
        with peers.served(ours, ROOT, peers.OURS) as pid:
            asyncio.run(measure("ours", pid, peers.OURS, our_addresses(options.sockets), publish))
        if options.reference:
            theirs = peers.their_server(options.reference_python)
            addresses = [f"/ws?token={their_token()}"] * (options.sockets + 1)
            with peers.served(theirs, options.reference, peers.THEIRS) as pid:
                asyncio.run(measure("FastAPI", pid, peers.THEIRS, addresses, publish_there))


def our_addresses(count: int) -> list[str]:
    """Of so many people and one more, each signed in."""
    from accounts import tokens  # noqa: PLC0415 - Django is set up now
    from accounts.models import AuthSession, User  # noqa: PLC0415 - as above

    people = User.objects.bulk_create(
        User(google_id=f"g-{number}", email=f"{number}@example.kz", name="Somebody")
        for number in range(count + 1)
    )
    sessions = AuthSession.objects.bulk_create(
        AuthSession(user=person, platform="mobile") for person in people
    )
    return [f"/ws?token={tokens.issue(session).access}" for session in sessions]


def their_token() -> str:
    import jwt  # noqa: PLC0415 - the benchmark alone needs it

    claims = {"token_type": "access", "user_id": "1", "exp": int(time.time()) + 3600}
    return jwt.encode(claims, SECRET, algorithm="HS256")


async def publish(number: int) -> None:
    from realtime import groups  # noqa: PLC0415 - Django is set up now
    from realtime import publish as publishing  # noqa: PLC0415 - as above

    said = {"seq": number, "product": SAID}
    told = "product_moderation_completed"
    await asyncio.to_thread(publishing.publish, [groups.USERS], told, said)


async def publish_there(number: int) -> None:
    from redis import Redis  # noqa: PLC0415 - as above

    said = {"type": "product_moderation_completed", "data": {"seq": number, "product": SAID}}
    text = json.dumps({**said, "id": f"users:{number}"}, ensure_ascii=False)
    with Redis.from_url(os.environ["REDIS_URL"]) as valkey:
        await asyncio.to_thread(valkey.publish, "bench.events", text)


async def measure(name: str, pid: int, port: int, addresses: list[str], tell: Publish) -> None:
    heard = Heard()
    before = _memory(pid)
    clients = await connected(port, addresses[1:], heard)
    memory = (_memory(pid) - before) / len(clients) / 1024
    await told(tell, heard, len(clients), times=1)
    spent = peers.cpu_of(pid)
    came = await one_at_a_time(tell, heard, len(clients))
    each = 1e6 * (peers.cpu_of(pid) - spent) / len(came)
    began = time.perf_counter()
    burst = await told(tell, heard, len(clients), times=BURST)
    rate = len(burst) / (max(heard.times) - began)
    lost = 1 - (len(came) + len(burst)) / (len(clients) * (EVENTS + BURST))
    [stuck] = await connected(port, addresses[:1], Heard())
    stuck.transport.pause_reading()
    with_one_stuck = await one_at_a_time(tell, heard, len(clients))
    for client in [*clients, stuck]:
        client.transport.abort()
    p50, p95 = statistics.median(came), statistics.quantiles(came, n=20)[-1]
    print(f"{name:<28}{p50:10.1f}{p95:8.1f}{max(came):8.1f}{each:11.1f}{rate:17.0f}", end="")
    print(f"{100 * lost:7.1f}%{statistics.quantiles(with_one_stuck, n=20)[-1]:17.1f}", end="")
    print(f"{memory:12.1f}", flush=True)


async def connected(port: int, addresses: list[str], heard: Heard) -> list[Client]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def connect(address: str) -> Client:
        async with gate:
            loop = asyncio.get_running_loop()
            _, client = await loop.create_connection(
                lambda: Client(address, heard), peers.HOST, port
            )
            await client.opened
            return client

    clients = await asyncio.gather(*map(connect, addresses))
    await asyncio.sleep(2)  # until all are welcomed
    return clients


async def one_at_a_time(tell: Publish, heard: Heard, clients: int) -> list[float]:
    """Milliseconds of every delivery."""
    return [each for _ in range(EVENTS) for each in await told(tell, heard, clients, times=1)]


async def told(tell: Publish, heard: Heard, clients: int, *, times: int) -> list[float]:
    heard.times, heard.wanted = [], clients * times
    heard.all_came.clear()
    began = time.perf_counter()
    for number in range(times):
        await tell(number)
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await heard.all_came.wait()
    except TimeoutError:
        pass
    return [1000 * (came - began) for came in heard.times]


def _memory(pid: int) -> float:
    return float(psutil.Process(pid).memory_full_info().pss)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--reference", type=Path, help="the folder of the reference's app.py")
    parser.add_argument("--reference-python", type=Path, default=Path(sys.executable))
    return parser.parse_args()


if __name__ == "__main__":
    main()
