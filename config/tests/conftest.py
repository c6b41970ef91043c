"""Real processes for the tests of how the platform runs."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.launcher.addresses import ROOT


def wait_until(is_so, *, seconds=10):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def lives(pid):
    """Whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def answers(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def python(*arguments, **variables):
    """Run a Python program of the repository beside the tests; it is gone when the block ends."""
    process = subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextlib.contextmanager
def small_server():
    """The small server, listening; .port says where."""
    port = free_port()
    with python("config/tests/small_server.py", port) as process:
        process.port = port
        wait_until(lambda: answers(port))
        yield process


@pytest.fixture
def server():
    with small_server() as process:
        yield process
