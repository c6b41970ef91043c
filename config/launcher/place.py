"""The folders that the embedded servers of one run use."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.launcher import addresses
from config.launcher.errors import CannotContinueError

PRIVATE = 0o700


@dataclass(frozen=True)
class Place:
    database: Path
    run: Path
    logs: Path
    is_lasting: bool


def lasting() -> Place:
    """Where `up` keeps its rows from one run to the next."""
    state, run = addresses.state_folder(), addresses.run_folder()
    state.mkdir(parents=True, exist_ok=True)
    own(run)
    return Place(state / "postgres", run, addresses.ROOT / "var" / "log", is_lasting=True)


@contextlib.contextmanager
def temporary() -> Iterator[Place]:
    """A fresh place for one run of the tests, removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="leema-"))
    try:
        folder.chmod(0o711 if os.geteuid() == 0 else PRIVATE)
        own(folder / "run")
        yield Place(folder / "postgres", folder / "run", folder / "log", is_lasting=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def own(folder: Path) -> None:
    """Make a folder that only we, or `nobody` when we are root, can enter; refuse a stranger's."""
    folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    owner = addresses.nobody().pw_uid if os.geteuid() == 0 else os.geteuid()
    if folder.is_symlink() or folder.stat().st_uid not in {owner, os.geteuid()}:
        raise CannotContinueError(f"{folder} belongs to somebody else; remove it and try again.")
    os.chown(folder, owner, -1)
    folder.chmod(PRIVATE)
