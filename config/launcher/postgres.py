"""The embedded PostgreSQL: a cluster of its own behind a unix socket that only we can reach."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from config.launcher import addresses, binaries
from config.launcher.errors import CannotContinueError
from config.launcher.place import Place, own
from config.launcher.processes import POLL_SECONDS, Children, Program

START_SECONDS = 60
LAST_RUN_SECONDS = 5
INITDB_OPTIONS = ["--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "-N", "--no-instructions"]
SETTINGS = [
    "listen_addresses=",
    "shared_buffers=64MB",
    "max_connections=100",
    "log_min_messages=warning",
    "timezone=UTC",
]
FAST_AND_FORGETFUL = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


def start(children: Children, place: Place) -> None:
    """Start it and make the database; return when it answers."""
    programs = binaries.postgres_folder()
    if not place.database.exists():
        _initialise(programs, place.database)
    _wait_for_the_last_run(place.database)
    children.start(
        Program(
            name="PostgreSQL",
            command=_command(programs, place),
            log=place.logs / "postgres.log",
            folder=Path("/"),
            user=_user(),
            stop_signal=signal.SIGINT,  # SIGTERM would wait for every client to leave
            orphan_signal=signal.SIGINT,
            patience_seconds=20,
        )
    )
    children.wait_until(lambda: _answers(place.run), what="PostgreSQL", seconds=START_SECONDS)


def _command(programs: Path, place: Place) -> list[str | Path]:
    settings = SETTINGS if place.is_lasting else SETTINGS + FAST_AND_FORGETFUL
    options = [part for setting in settings for part in ("-c", setting)]
    return [programs / "postgres", "-D", place.database, "-k", place.run, *options]


def _initialise(programs: Path, database: Path) -> None:
    unfinished = database.with_name("postgres.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    own(unfinished)
    user = _user()
    made = subprocess.run(  # noqa: S603 - a program of our own
        [programs / "initdb", "-D", unfinished, "-U", addresses.DATABASE_OWNER, *INITDB_OPTIONS],
        cwd="/",
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise CannotContinueError(f"PostgreSQL could not make its files:\n{made.stderr}")
    unfinished.rename(database)


def _wait_for_the_last_run(database: Path) -> None:
    """Let the server of a launcher that was killed finish its own stop."""
    deadline = time.monotonic() + LAST_RUN_SECONDS
    while (database / "postmaster.pid").exists() and time.monotonic() < deadline:
        process = (database / "postmaster.pid").read_text().split("\n", 1)[0]
        if not Path("/proc", process).exists():
            return
        time.sleep(POLL_SECONDS)


def _answers(run: Path) -> bool:
    """Whether it takes connections; the first time, the database is made."""
    try:
        with psycopg.connect(
            host=str(run), user=addresses.DATABASE_OWNER, dbname="postgres", autocommit=True
        ) as connection:
            _make_database(connection)
    except psycopg.OperationalError:
        return False
    return True


def _make_database(connection: psycopg.Connection) -> None:
    known = "SELECT 1 FROM pg_database WHERE datname = %s"
    if not connection.execute(known, [addresses.DATABASE_NAME]).fetchone():
        connection.execute(f"CREATE DATABASE {addresses.DATABASE_NAME}")


def _user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root."""
    return addresses.nobody() if os.geteuid() == 0 else None
