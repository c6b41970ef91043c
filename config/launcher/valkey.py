"""The embedded Valkey: channel layer, cache and limits, in memory only, behind a unix socket."""

import socket
from pathlib import Path

from config.launcher import addresses, binaries
from config.launcher.place import Place
from config.launcher.processes import Children, Program

START_SECONDS = 20
IN_MEMORY_ONLY = ["--port", "0", "--save", "", "--appendonly", "no"]
BOUNDED = ["--maxmemory", "128mb", "--maxmemory-policy", "noeviction"]


def start(children: Children, place: Place) -> None:
    path = place.run / addresses.VALKEY_SOCKET
    path.unlink(missing_ok=True)
    children.start(
        Program(
            name="Valkey",
            command=[
                binaries.valkey_server(),
                *IN_MEMORY_ONLY,
                *BOUNDED,
                *("--unixsocket", path, "--unixsocketperm", "700"),
                *("--dir", place.run),
            ],
            log=place.logs / "valkey.log",
        )
    )
    children.wait_until(lambda: _answers(path), what="Valkey", seconds=START_SECONDS)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True
