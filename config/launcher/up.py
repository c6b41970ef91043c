"""`./leema up`: the whole platform on one machine, until Ctrl-C."""

import http.client
import os
import socket
import sys
import tempfile
from dataclasses import dataclass

from config.launcher import environment, lock, place, servers
from config.launcher.addresses import ROOT
from config.launcher.errors import CannotContinueError
from config.launcher.processes import Children, Program
from config.launcher.stop_request import StopRequest, StopRequestedError

HOST = "127.0.0.1"
READY_SECONDS = 60
DRAIN_SECONDS = 28  # what `serve` and `worker` take to finish what they began, and a little more
LOGS = ROOT / "var" / "log"
DEMO_GOOGLE = {
    "GOOGLE_CLIENT_ID": "leema-web.demo",
    "GOOGLE_CLIENT_SECRET": "demo-secret",
    "GOOGLE_ANDROID_CLIENT_ID": "leema-android.demo",
    "GOOGLE_IOS_CLIENT_ID": "leema-ios.demo",
}


@dataclass(frozen=True)
class Wish:
    """What was asked for on the command line."""

    port: int
    with_demo: bool

    @property
    def google_port(self) -> int:
        return self.port + 1


def run(wish: Wish, stop_request: StopRequest) -> int:
    environment.read_dotenv()
    with lock.held():
        try:
            with Children(stop_request) as children:
                _serve(wish, children)
        except StopRequestedError:
            pass
        print("Leema has stopped.")
    return 0


def _serve(wish: Wish, children: Children) -> None:
    google = {} if os.environ.get("GOOGLE_CLIENT_ID") else _demo_google(wish)
    _refuse_busy_ports([wish.port, wish.google_port] if google else [wish.port])
    print("Starting Leema …", flush=True)
    site = {"API_BASE_URL": f"http://{HOST}:{wish.port}"}
    told = {**site, **servers.start(children, place.lasting()), **google}
    accounts = _prepare(wish, children, told)
    if google:
        children.start(_program("demo_google", told, "--port", str(wish.google_port)))
    # The worker forks, and a pool doesn't survive that; people don't wait as long as it may.
    web = {**told, "DATABASE_POOL": "True", "STATEMENT_TIMEOUT_SECONDS": "5"}
    children.start(_program("serve", web, "--host", HOST, "--port", str(wish.port)))
    children.start(_program("worker", told))
    children.wait_until(lambda: _is_ready(wish.port), what="The site", seconds=READY_SECONDS)
    print(_addresses(wish.port) + accounts + (_codes(wish) if google else ""), flush=True)
    children.watch()


def _demo_google(wish: Wish) -> dict[str, str]:
    return {**DEMO_GOOGLE, "GOOGLE_BASE_URL": f"http://{HOST}:{wish.google_port}"}


def _refuse_busy_ports(ports: list[int]) -> None:
    for port in ports:
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((HOST, port))
            except OSError as error:
                raise CannotContinueError(
                    f"Port {port} can't be used ({error.strerror}). Choose another one: "
                    f"./leema up --port {port + 10}"
                ) from None


def _prepare(wish: Wish, children: Children, told: dict[str, str]) -> str:
    """Bring tables, models, static files and demo up to date; give what it says of the demo."""
    command = [sys.executable, "manage.py", "prepare", *(["--demo"] if wish.with_demo else [])]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        if children.complete(command, told, said):
            raise CannotContinueError("Preparing the database and the files failed; see above.")
        said.seek(0)
        return said.read()


def _program(command: str, told: dict[str, str], *options: str) -> Program:
    return Program(
        name=f"manage.py {command}",
        command=[sys.executable, "manage.py", command, *options],
        log=LOGS / f"{command}.log",
        environment=told,
        patience_seconds=DRAIN_SECONDS,
    )


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _addresses(port: int) -> str:
    site = f"http://{HOST}:{port}"
    return f"""
Leema is running. Ctrl-C stops it.

  The site     {site}/
  Shop panel   {site}/panel/
  Admin        {site}/admin/
  API docs     {site}/api/docs/
  WebSocket    ws://{HOST}:{port}/ws
  Logs         {LOGS}

"""


def _codes(wish: Wish) -> str:
    return f"""
When the administrator signs in, the code is at http://{HOST}:{wish.google_port}/authenticator

"""
