import os
import socket
import subprocess
import sys

import pytest

from config.launcher import up
from config.launcher.__main__ import HELP, wish
from config.launcher.addresses import ROOT
from config.launcher.errors import CannotContinueError


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "config.launcher", *arguments],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_busy_port_is_named_and_another_one_offered():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]

        with pytest.raises(CannotContinueError) as refused:
            up._refuse_busy_ports([port])

    assert str(refused.value) == (
        f"Port {port} can't be used (Address already in use). Choose another one: "
        f"./leema up --port {port + 10}"
    )


def test_port_and_demo_are_options():
    assert wish([]) == up.Wish(port=8000, with_demo=True)
    assert wish(["--port", "8100", "--no-demo"]) == up.Wish(port=8100, with_demo=False)


def test_without_a_command_help_is_shown():
    assert run().stdout == HELP


def test_an_unknown_command_is_named():
    said = run("upp")

    assert said.returncode == 1
    assert said.stderr.startswith("There is no command 'upp'.")


def test_the_launcher_does_not_wait_for_django():
    code = "import sys, config.launcher.__main__; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
