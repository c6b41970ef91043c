"""What a posting costs: the ledger beside pgbench's simple update, on one server in one run.

    .venv/bin/python benchmarks/ledger.py [--seconds 10] [--rounds 3]

Starts servers of its own, as `./leema up` does, and asks the PostgreSQL in turn with 1, 4 and 16
clients: `pgbench --builtin=simple-update`, which changes one row and adds one, and
`ledger.transfer` between a user and escrow, which adds a posting with two legs and the event that
tells the owner, and moves the balance. Each client is a process with a connection of its own, as a
web worker is, and every transaction is committed to the disk. Prints the medians of the rounds: how
many a second, and the CPU that clients and server together spend on one. The goal is a quarter of
pgbench's rate at 4 clients; on a busy machine only the CPU means something.
"""

import argparse
import contextlib
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from config.launcher import binaries, place, servers  # noqa: E402 - found above
from config.launcher.addresses import DATABASE_NAME, DATABASE_OWNER  # noqa: E402 - as above
from config.launcher.processes import Children  # noqa: E402 - as above
from config.launcher.stop_request import StopRequest  # noqa: E402 - as above

CLIENTS = (1, 4, 16)
USERS = 50
SCALE = 10  # of pgbench: 100 000 accounts each


@dataclass(frozen=True)
class Result:
    """So many transactions a second, and the milliseconds of CPU that one cost."""

    rate: float
    cpu: float


def main() -> None:
    options = arguments()
    with server() as folder:
        prepare(folder)
        print(f"{'':10}{'pgbench':>20}{'ledger':>20}\n{'clients':>10}", end="")
        print(f"{'a second':>10}{'CPU ms':>10}" * 2 + f"{'ratio':>8}", flush=True)
        for clients in CLIENTS:
            compare(folder, clients, options)


@contextmanager
def server() -> Iterator[Path]:
    """The servers with the settings of `up`; the folder of their sockets."""
    os.umask(0o022)  # PostgreSQL runs as `nobody` when we are root
    with place.temporary() as folder, Children(StopRequest()) as children:
        os.environ.update(servers.start(children, replace(folder, is_lasting=True)))
        yield folder.run


def prepare(socket: Path) -> None:
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
    pgbench(socket, "--initialize", f"--scale={SCALE}", "--quiet")
    with processes(1) as pool:
        pool.map(open_accounts, [USERS])


def compare(socket: Path, clients: int, options: argparse.Namespace) -> None:
    """Ask in turn, so that whatever else the machine does falls on both."""
    peer, ours = [], []
    for _ in range(options.rounds):
        peer.append(simple_updates(socket, clients, options.seconds))
        ours.append(transfers(clients, options.seconds))
    rates = [statistics.median(each.rate for each in side) for side in (peer, ours)]
    costs = [statistics.median(each.cpu for each in side) for side in (peer, ours)]
    print(f"{clients:10}", end="")
    for rate, cost in zip(rates, costs, strict=True):
        print(f"{rate:10.0f}{cost:10.2f}", end="")
    print(f"{rates[1] / rates[0]:8.2f}", flush=True)


def simple_updates(socket: Path, clients: int, seconds: int) -> Result:
    before, clients_before = server_cpu(), cpu_of(resource.RUSAGE_CHILDREN)
    told = pgbench(
        socket,
        "--builtin=simple-update",
        f"--client={clients}",
        f"--jobs={min(clients, os.cpu_count() or 1)}",
        f"--time={seconds}",
        "--no-vacuum",
    )
    rate = re.search(r"tps = ([\d.]+)", told)
    count = re.search(r"actually processed: (\d+)", told)
    assert rate
    assert count
    spent = server_cpu() - before + cpu_of(resource.RUSAGE_CHILDREN) - clients_before
    return Result(float(rate[1]), 1000 * spent / int(count[1]))


def transfers(clients: int, seconds: int) -> Result:
    with processes(clients) as pool:
        before = server_cpu()
        done: list[tuple[int, float, float]] = pool.map(
            keep_transferring, [seconds] * clients, chunksize=1
        )
        spent = server_cpu() - before + sum(cpu for _, _, cpu in done)
    rate = sum(count / took for count, took, _ in done)
    return Result(rate, 1000 * spent / sum(count for count, _, _ in done))


def server_cpu() -> float:
    """The seconds of CPU that our servers and their children, the ended ones too, have had."""
    total = 0.0
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if "python" not in child.name():
                times = child.cpu_times()
                total += times.user + times.system + times.children_user + times.children_system
    return total


def cpu_of(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


@contextmanager
def processes(count: int) -> Iterator[Any]:
    with get_context("spawn").Pool(count, initializer=be_the_platform) as pool:
        yield pool


def be_the_platform() -> None:
    import django  # noqa: PLC0415 - each process is a platform of its own

    django.setup()


def open_accounts(count: int) -> None:
    from accounts.models import User  # noqa: PLC0415 - as above
    from billing import ledger  # noqa: PLC0415
    from billing.models import Transaction  # noqa: PLC0415

    for number in range(count):
        user = User.objects.create(google_id=f"g-{number}", email=f"{number}@example.kz")
        source, kind = Transaction.Account.PROMO, Transaction.Type.PROMO
        ledger.transfer(f"gift:{number}", kind, Decimal(10**8), source=source, target=user)


def keep_transferring(seconds: int) -> tuple[int, float, float]:
    """One client: 1 KZT at a time from one user after the other. (how many, seconds, CPU)."""
    from accounts.models import User  # noqa: PLC0415 - as above
    from billing import ledger  # noqa: PLC0415
    from billing.models import Transaction  # noqa: PLC0415

    users = list(User.objects.order_by("pk"))
    kind, target = Transaction.Type.PURCHASE, Transaction.Account.ESCROW
    name, done, spent, began = os.getpid(), 0, time.process_time(), time.monotonic()
    while time.monotonic() < began + seconds:
        user = users[(name * 7 + done) % len(users)]
        key = f"bench:{name}:{began}:{done}"
        ledger.transfer(key, kind, Decimal(1), source=user, target=target)
        done += 1
    return done, time.monotonic() - began, time.process_time() - spent


def pgbench(socket: Path, *options: str) -> str:
    """Run the pgbench of our PostgreSQL, or of the system's, and give what it says."""
    own = binaries.postgres_folder() / "pgbench"
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    program = next((each for each in [own, *reversed(debian)] if each.exists()), None)
    program = program or Path(shutil.which("pgbench") or sys.exit("There is no pgbench here."))
    command = [str(program), f"--host={socket}", f"--username={DATABASE_OWNER}", *options]
    return subprocess.check_output([*command, DATABASE_NAME], text=True, stderr=subprocess.DEVNULL)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=10, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
