"""What counting every request costs: the platform with its limits beside itself without them.

    ./leema up                                     in one terminal, for its database and its Valkey
    .venv/bin/python benchmarks/rate_limits.py          in another

Serves the platform twice on ports of its own, with the limits as they are and with all of them off,
and asks both in turn, every time as one of a thousand strangers. Prints the milliseconds of a
request that comes alone, the CPU it costs the server, and requests a second when sixteen come at
once. On a busy machine only the CPU means something.
"""

import asyncio
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from core.limits.scopes import TABLE  # noqa: E402 - found through the line above

ADDRESSES = ["/api/v1/config", "/api/v1/products"]
STRANGERS = 1000
ALONE = 500
ROUNDS, IN_A_ROUND, AT_ONCE = 4, 160, 16
START_SECONDS = 60


@dataclass
class Server:
    url: str
    pid: int
    alone: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)

    def cpu_seconds(self) -> float:
        spent = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    off = {f"LIMIT_{scope.name.upper()}": "off" for scope in TABLE}
    for address in ADDRESSES:
        with served({}, address) as limited, served(off, address) as unlimited:
            print(address)
            asyncio.run(measure([limited, unlimited]))
            show("with limits", limited)
            show("without", unlimited)


@contextmanager
def served(told: dict[str, str], address: str) -> Iterator[Server]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "TRUSTED_PROXIES": "127.0.0.1", "DATABASE_POOL": "True", **told},
    )
    try:
        wait_for(port)
        yield Server(f"http://127.0.0.1:{port}{address}", process.pid)
    finally:
        process.terminate()
        process.wait()


async def measure(servers: list[Server]) -> None:
    """Ask in turn, so that whatever else the machine does falls on both."""
    async with httpx.AsyncClient(timeout=60) as client:
        for _ in range(ALONE):
            for server in servers:
                server.alone.append(await seconds_of(ask(client, server.url)))
        for _ in range(ROUNDS):
            for server in servers:
                before = server.cpu_seconds()
                seconds = await seconds_of(rush(client, server.url))
                server.cpu.append((server.cpu_seconds() - before) / IN_A_ROUND)
                server.rates.append(IN_A_ROUND / seconds)


def show(name: str, server: Server) -> None:
    alone = sorted(server.alone)
    print(
        f"  {name:12} median {1000 * statistics.median(alone):6.2f} ms"
        f"   p99 {1000 * alone[len(alone) * 99 // 100]:6.2f} ms"
        f"   CPU {1000 * statistics.median(server.cpu):6.2f} ms"
        f"   {statistics.median(server.rates):6.0f} requests/s"
    )


async def rush(client: httpx.AsyncClient, url: str) -> None:
    left = iter(range(IN_A_ROUND))

    async def keep_asking() -> None:
        for _ in left:
            await ask(client, url)

    await asyncio.gather(*(keep_asking() for _ in range(AT_ONCE)))


async def ask(client: httpx.AsyncClient, url: str) -> None:
    number = random.randrange(STRANGERS)  # noqa: S311 - no secret
    stranger = f"10.0.{number // 250}.{number % 250}"
    response = await client.get(url, headers={"X-Forwarded-For": stranger})
    response.raise_for_status()


async def seconds_of(work: Awaitable[None]) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The platform did not start; is ./leema up running?")


if __name__ == "__main__":
    main()
