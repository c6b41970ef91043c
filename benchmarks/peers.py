"""Our server beside a reference of FastAPI and SQLAlchemy, and beside pgbench, on one database."""

import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psutil

from benchmarks.ledger import ROOT, pgbench

if TYPE_CHECKING:
    from catalog.reading import Statement

HOST = "127.0.0.1"
OURS, THEIRS = 8311, 8312  # ports
READY_SECONDS = 60
CONNECTIONS = 32
CLIENTS = 8  # of pgbench
PAGE = 20
FIRST = 1000  # of the keys that are asked for; there is a page before it
ADDRESSES = 500  # of each kind, taken by lot
MARK = 987_654_321  # stands in SQL for the number that pgbench draws
ANY_OF_THEM = """
local paths = {%s}
local headers = {["Accept-Language"] = "ru"}
function request() return wrk.format("GET", paths[math.random(#paths)], headers) end
"""


@dataclass(frozen=True)
class Work:
    """One kind of request: our addresses, those of the reference that has it, and its SQL."""

    name: str
    ours: Sequence[str]
    theirs: Sequence[str]
    sql: str


@dataclass(frozen=True)
class Load:
    """So many requests a second, and the milliseconds of CPU that the server spent on one."""

    rate: float
    cpu: float


def compare(reference: Path, python: Path, *, products: int, seconds: int, rounds: int) -> None:
    """Print what each kind of request costs, both servers and pgbench asked in turn.

    `reference` is the folder of its `app.py`, `python` one that has its packages.
    """
    check(reference, python)
    with ExitStack() as stack:
        ours = stack.enter_context(served(our_server(), ROOT, OURS))
        theirs = stack.enter_context(served(their_server(python), reference, THEIRS))
        print(f"\n{'one process each':<18}{'ours/s':>9}{'CPU ms':>8}", end="")
        print(f"{'FastAPI/s':>11}{'CPU ms':>8}{'cpu_x':>7}{'pgbench/s':>11}{'part':>7}")
        for work in works(products):
            _measure(work, ours, theirs, seconds=seconds, rounds=rounds)


def works(products: int) -> list[Work]:
    from catalog import reading  # noqa: PLC0415 - Django is set up now
    from catalog.filters import SORTS  # noqa: PLC0415
    from catalog.models import Product  # noqa: PLC0415
    from catalog.search import facets, search  # noqa: PLC0415

    lots = random.Random(5)  # noqa: S311 - the same addresses in every run
    keys = [lots.randrange(FIRST, products) for _ in range(ADDRESSES)]
    words = ["красное платье", "шерстяное пальто", "белые кроссовки", "лёгкий сарафан"]
    visible = Product.objects.visible()
    by_relevance = (SORTS["relevance"], "-pk")
    found = search().best(visible, words[0]).order_by(*by_relevance)[: PAGE + 1]
    counting = search().matching(visible, words[0])
    newest = reading.visible_before(PAGE + 1)
    listed = [f"/api/v1/products?limit={PAGE}" for _ in keys]
    return [
        Work(
            "list",
            [f"{path}&cursor={key}" for path, key in zip(listed, keys, strict=True)],
            [f"{path}&before={key}" for path, key in zip(listed, keys, strict=True)],
            _drawn(products, *_given(newest)),
        ),
        Work("first page", listed[:1], listed[:1], _drawn(products, *_given(newest))),
        Work(
            "detail",
            [f"/api/v1/products/{key}" for key in keys],
            [f"/api/v1/products/{key}" for key in keys],
            _drawn(products, *_given(reading.one_visible())),
        ),
        Work(
            "search",
            [f"/api/v1/products?limit={PAGE}&q={quote(word)}" for word in words],
            [],
            _drawn(products, *found.values_list("pk").query.sql_with_params()),
        ),
        Work(
            "facets",
            [f"/api/v1/products/facets?q={quote(word)}" for word in words],
            [],
            _drawn(products, *facets.statement(counting)),
        ),
    ]


def _given(statement: "Statement") -> tuple[str, list[Any]]:
    from catalog import reading  # noqa: PLC0415 - as above

    return statement.sql, reading.values(statement, MARK, None)


def _drawn(products: int, sql: str, values: Sequence[Any]) -> str:
    """As a script for pgbench, which draws the key as the addresses' are drawn."""
    from django.db import connection  # noqa: PLC0415 - as above

    with connection.cursor() as cursor:
        written = cursor.mogrify(sql, values)
    statement = " ".join(written.split()).replace(str(MARK), ":key")
    return f"\\set key random({FIRST}, {products})\n{statement};\n"


def _measure(work: Work, ours: int, theirs: int, *, seconds: int, rounds: int) -> None:
    taken: dict[str, list[Load]] = {"ours": [], "theirs": [], "pgbench": []}
    for _ in range(rounds):
        taken["ours"].append(_asked(OURS, ours, work.ours, seconds))
        if work.theirs:
            taken["theirs"].append(_asked(THEIRS, theirs, work.theirs, seconds))
        taken["pgbench"].append(Load(_rate_of_pgbench(work.sql, seconds), 0))
    rate = {name: _median([each.rate for each in loads]) for name, loads in taken.items()}
    cpu = {name: _median([each.cpu for each in loads]) for name, loads in taken.items()}
    print(f"{work.name:<18}{rate['ours']:9.0f}{cpu['ours']:8.2f}", end="")
    if work.theirs:
        ratio = cpu["theirs"] / cpu["ours"]
        print(f"{rate['theirs']:11.0f}{cpu['theirs']:8.2f}{ratio:7.2f}", end="")
    else:
        print(" " * 26, end="")
    print(f"{rate['pgbench']:11.0f}{rate['ours'] / rate['pgbench']:7.2f}", flush=True)


def _median(values: list[float]) -> float:
    return statistics.median(values) if values else 0.0


def _asked(port: int, pid: int, paths: Sequence[str], seconds: int) -> Load:
    """Every answer has to be a good one."""
    before = cpu_of(pid)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(
            ANY_OF_THEM % ", ".join(json.dumps(path.replace(" ", "%20")) for path in paths)
        )
        script.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s"]
        told = subprocess.check_output(
            [*command, "-s", script.name, f"http://{HOST}:{port}"], text=True
        )
    count, rate = re.search(r"(\d+) requests in", told), re.search(r"Requests/sec: +([\d.]+)", told)
    assert count, told
    assert rate, told
    assert "Non-2xx" not in told, told
    return Load(float(rate[1]), 1000 * (cpu_of(pid) - before) / int(count[1]))


def cpu_of(pid: int) -> float:
    """Of the process and those that it has started."""
    first = psutil.Process(pid)
    each = [one.cpu_times() for one in (first, *first.children(recursive=True))]
    return float(sum(one.user + one.system for one in each))


def _rate_of_pgbench(sql: str, seconds: int) -> float:
    run = Path(_database().removeprefix("postgresql://").partition("@/")[2]).parent
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(sql)
        script.flush()
        options = ["--no-vacuum", "--protocol=prepared", f"--client={CLIENTS}", "--jobs=1"]
        told = pgbench(run, *options, f"--time={seconds}", f"--file={script.name}")
    rate = re.search(r"tps = ([\d.]+)", told)
    assert rate, told
    return float(rate[1])


def our_server() -> tuple[list[str], dict[str, str]]:
    """As `./leema up` runs it."""
    told = {"DATABASE_POOL": "True", "STATEMENT_TIMEOUT_SECONDS": "5"}
    return [sys.executable, "manage.py", "serve", "--port", str(OURS)], told


def their_server(python: Path) -> tuple[list[str], dict[str, str]]:
    owner, _, place = _database().removeprefix("postgresql://").partition("@/")
    run, _, name = place.rpartition("/")
    told = {"BENCH_DSN": f"{owner}@/{name}?host={run}", "BENCH_REDIS": os.environ["REDIS_URL"]}
    command = [str(python), "-B", "-m", "uvicorn", "app:app", "--no-access-log"]
    return [*command, "--port", str(THEIRS)], told


def _database() -> str:
    return os.environ["DATABASE_URL"]


@contextmanager
def served(how: tuple[list[str], dict[str, str]], folder: Path, port: int) -> Iterator[int]:
    """The process that serves, once it answers."""
    command, told = how
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(
            command, cwd=folder, env={**os.environ, **told}, stdout=log, stderr=log
        ) as it,
    ):
        try:
            _wait_for(port, it, log)
            yield it.pid
        finally:
            it.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Any) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as asking:
            if asking.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.2)
    log.seek(0)
    sys.exit(f"Nothing answers on port {port}:\n{log.read()}")


def check(reference: Path, python: Path) -> None:
    if not (reference / "app.py").exists():
        sys.exit(f"There is no app.py in {reference}.")
    if not python.exists():
        sys.exit(f"There is no Python at {python}.")
    if not shutil.which("wrk"):
        sys.exit("There is no wrk here (Debian: apt install wrk).")
