"""The main job against real processes: web, worker, the demo's Google; HTTP and WebSocket alone."""

import json
import os
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from urllib.request import urlopen

import httpx
import psycopg
import pytest
from django.conf import settings
from django.db import connections
from PIL import Image

from config.tests.conftest import wait_until

PHOTOS = settings.BASE_DIR.parent / "shared" / "data"
PERSON = PHOTOS / "people" / "standing-man-black-tshirt.webp"
GARMENT = PHOTOS / "garments" / "t-shirt-01.jpg"
STOP_SECONDS = 40


@pytest.fixture(scope="module")
def database():
    """A database of its own, beside the tests'."""
    name = f"leema_story_{os.getpid()}"
    wish = connections["default"].settings_dict
    told = {"user": wish["USER"], "password": wish["PASSWORD"], "port": wish["PORT"]}
    told = {key: value for key, value in told.items() if value}
    with psycopg.connect(
        host=wish["HOST"] or None, dbname="postgres", autocommit=True, **told
    ) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield settings_url(name)
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def settings_url(name):
    """DATABASE_URL with another database at its end."""
    whole = os.environ["DATABASE_URL"]
    address, question, options = whole.partition("?")
    return f"{address.rpartition('/')[0]}/{name}{question}{options}"


@pytest.fixture(scope="module")
def platform(database, tmp_path_factory):
    with running(database, tmp_path_factory.mktemp("platform")) as told:
        yield told


@contextmanager
def running(database, folder, **variables):
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
        **variables,
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


def tell_story(told, person, garment, out):
    arguments = ("--person", str(person), "--garment", str(garment), "--out", str(out))
    return manage("story", *arguments, told=told)


@pytest.mark.skipif(not PERSON.exists(), reason="the folder of real photos is not here")
def test_the_whole_story_is_told(platform, tmp_path):
    told = tell_story(platform, PERSON, GARMENT, tmp_path)

    assert told.returncode == 0, told.stderr
    steps = [line for line in told.stdout.splitlines() if " s  " in line]
    assert len(steps) == 9
    [result] = tmp_path.glob("*.jpg")
    with Image.open(PERSON) as before, Image.open(result) as after:
        assert after.width / after.height == pytest.approx(before.width / before.height, rel=0.01)
        assert b"DigitalSourceType" in after.info["xmp"]


def test_a_photo_without_a_person_is_refused_and_the_money_is_back(platform, tmp_path):
    Image.new("RGB", (400, 600), (200, 200, 200)).save(tmp_path / "wall.jpg")

    told = tell_story(platform, tmp_path / "wall.jpg", tmp_path / "wall.jpg", tmp_path / "out")

    assert told.returncode == 1
    assert "The try-on was refused and refunded" in told.stderr
    assert not (tmp_path / "out").exists()
    ledger = manage("check_ledger", told=platform)
    assert ledger.stdout.startswith("The ledger holds")


def test_the_platform_says_where_its_doors_are(platform):
    body = httpx.get(f"{platform['API_BASE_URL']}/api/v1/config").json()

    assert body["api_base_url"] == platform["API_BASE_URL"]
    assert json.dumps(body["try_on_price"]) == "150.0"
