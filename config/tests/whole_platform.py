"""The whole platform in processes of its own: web, worker and the demo's Google, with a small demo.

Starting it takes as long as a hundred tests, so that all who need it share one: together.py keeps
them on one worker. They find each other's rows, and each signs in as somebody of its own.
"""

import os
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from urllib.request import urlopen

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from PIL import Image

from config.tests.conftest import wait_until
from core.limits import scopes

STOP_SECONDS = 40
TEMPLATE = os.environ.get("TESTS_TEMPLATE", "template1")
# One address asks for all of it; test_limits_served.py is about the limits.
UNLIMITED = {f"LIMIT_{scope.name.upper()}": "off" for scope in scopes.TABLE}


@pytest.fixture(scope="session")
def database():
    """A database of its own, beside the tests' and begun like them."""
    name = f"leema_story_{os.getpid()}"
    with connected("postgres") as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
        yield settings_url(name)
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def connected(name):
    """A connection to that database of the tests' server."""
    wish = connections["default"].settings_dict
    told = {"user": wish["USER"], "password": wish["PASSWORD"], "port": wish["PORT"]}
    told = {key: value for key, value in told.items() if value}
    return psycopg.connect(host=wish["HOST"] or None, dbname=name, autocommit=True, **told)


def settings_url(name):
    """DATABASE_URL with another database at its end."""
    whole = os.environ["DATABASE_URL"]
    address, question, options = whole.partition("?")
    return f"{address.rpartition('/')[0]}/{name}{question}{options}"


@pytest.fixture(scope="session")
def platform(database, tmp_path_factory):
    with running(database, tmp_path_factory.mktemp("platform")) as told:
        yield told


@contextmanager
def running(database, folder):
    """The running platform, with a small demo; gives its address and its environment."""
    site, google = free_ports(2)
    told = {
        **os.environ,
        "DATABASE_URL": database,
        "API_BASE_URL": f"http://127.0.0.1:{site}",
        "GOOGLE_BASE_URL": f"http://127.0.0.1:{google}",
        "UPLOAD_DIR": str(folder / "uploads"),
        "STATIC_ROOT": str(folder / "static"),
        "SECRET_KEY": "a key for one test run" * 4,
        **UNLIMITED,
    }
    (folder / "photos").mkdir()
    for number in range(5):
        picture = Image.new("RGB", (200, 260), (40 * number, 90, 160))
        picture.save(folder / "photos" / f"dress-{number}.jpg")
    manage("prepare", told=told)
    manage("demo", "--photos", str(folder / "photos"), told=told)
    with ExitStack() as processes:
        for command in (
            ["demo_google", "--port", str(google)],
            ["serve", "--port", str(site)],
            ["worker"],
        ):
            processes.callback(stop, start(command, told, folder))
        wait_until(lambda: answers(f"{told['API_BASE_URL']}/healthz"), seconds=120)
        wait_until(lambda: answers(f"{told['GOOGLE_BASE_URL']}/certs"), seconds=120)
        yield told


def free_ports(count):
    with ExitStack() as sockets:
        held = [sockets.enter_context(socket.socket()) for _ in range(count)]
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in held]


def manage(*arguments, told):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=told,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def start(command, told, folder):
    with (folder / f"{command[0]}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "manage.py", *command],
            env=told,
            cwd=settings.BASE_DIR,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def stop(process):
    process.terminate()
    process.wait(STOP_SECONDS)


def answers(address):
    try:
        with urlopen(address, timeout=2):
            return True
    except OSError:
        return False
