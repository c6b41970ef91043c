import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from config.launcher.errors import CannotContinueError
from config.launcher.processes import Children, Program
from config.launcher.stop_request import StopRequest, StopRequestedError
from config.tests.conftest import lives, python, wait_until

SLEEP = "import time; time.sleep(60)"


@pytest.fixture
def stop_request():
    return StopRequest()


@pytest.fixture
def program(tmp_path):
    def make(code, *, name="sleeper", **options):
        log = tmp_path / f"{name}.log"
        return Program(name=name, command=[sys.executable, "-c", code], log=log, **options)

    return make


def test_they_are_stopped_last_one_first(stop_request, program, tmp_path):
    tell = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        "    with open('order', 'a') as order: print(sys.argv[1], file=order)\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); print('up', flush=True); time.sleep(60)"
    )
    with Children(stop_request) as children:
        for name in ("database", "web"):
            made = program(tell, name=name, folder=tmp_path)
            children.start(Program(**{**vars(made), "command": [*made.command, name]}))
            wait_until(lambda log=made.log: log.read_text() == "up\n")

    assert (tmp_path / "order").read_text() == "web\ndatabase\n"


def test_one_that_does_not_listen_is_killed_when_patience_ends(stop_request, program):
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    began = time.monotonic()
    with Children(stop_request) as children:
        children.start(program(deaf, patience_seconds=0.5))
        time.sleep(0.3)
        [child] = children._running

    assert child.process.returncode in {-signal.SIGKILL, -signal.SIGTERM}
    assert time.monotonic() - began < 3


def test_one_that_ends_by_itself_is_named_with_the_end_of_its_log(stop_request, program):
    code = "import sys; [print('line', n) for n in range(100)]; sys.exit(3)"
    with Children(stop_request) as children:
        children.start(program(code, name="manage.py worker"))
        with pytest.raises(CannotContinueError) as failure:
            children.watch()

    assert str(failure.value).startswith("manage.py worker ended with code 3. The end of ")
    assert "line 79\n" not in str(failure.value)
    assert str(failure.value).endswith("    line 98\n    line 99")


def test_one_that_is_killed_is_named_with_the_signal(stop_request, program):
    with Children(stop_request) as children:
        children.start(program(SLEEP))
        [child] = children._running
        child.process.kill()
        with pytest.raises(CannotContinueError) as failure:
            children.watch()

    assert str(failure.value).startswith("sleeper was killed by SIGKILL.")


def test_what_is_never_ready_is_given_up(stop_request, program):
    with Children(stop_request) as children:
        children.start(program(SLEEP))
        with pytest.raises(CannotContinueError) as failure:
            children.wait_until(lambda: False, what="The site", seconds=0.1)

    assert str(failure.value) == "The site was not ready after 0 seconds."


def test_a_request_to_stop_ends_the_watch_and_every_wait(stop_request, program):
    with Children(stop_request) as children:
        children.start(program(SLEEP))
        stop_request._remember(signal.SIGINT, None)

        children.watch()
        with pytest.raises(StopRequestedError):
            children.wait_until(lambda: False, what="The site", seconds=60)


def test_a_command_gives_its_exit_code(stop_request, tmp_path):
    with (tmp_path / "said").open("w+") as said:
        code = Children(stop_request).complete(
            [sys.executable, "-c", "print(1); exit(7)"], {}, said
        )
        said.seek(0)

        assert (code, said.read()) == (7, "1\n")
    assert Children(stop_request).finish([sys.executable, "-c", "exit(8)"], {}) == 8


def test_a_stop_ends_a_command_and_all_it_started(stop_request, tmp_path):
    family = (
        f"import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', {SLEEP!r}]);"
        "print(child.pid, flush=True); child.wait()"
    )
    with (tmp_path / "said").open("w+") as said:
        stop_when_said = threading.Thread(target=_stop_when_said, args=(said.name, stop_request))
        stop_when_said.start()
        with pytest.raises(StopRequestedError):
            Children(stop_request).complete([sys.executable, "-c", family], {}, said)
        stop_when_said.join()
        said.seek(0)
        child = int(said.read())

    wait_until(lambda: not lives(child), seconds=2)


def _stop_when_said(file, stop_request):
    wait_until(lambda: Path(file).read_text().endswith("\n"))
    stop_request._remember(signal.SIGINT, None)


def test_children_of_a_killed_launcher_are_gone_within_5_seconds(tmp_path):
    launcher = (
        "import pathlib, sys, time\n"
        "from config.launcher.processes import Children, Program\n"
        "from config.launcher.stop_request import StopRequest\n"
        "children = Children(StopRequest())\n"
        f"command = [sys.executable, '-c', {SLEEP!r}]\n"
        "children.start(Program('sleeper', command, pathlib.Path(sys.argv[1]) / 'log'))\n"
        "print(children._running[0].process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with python("-c", launcher, tmp_path) as process:
        child = int(process.stdout.readline())
        assert lives(child)

        process.kill()

        wait_until(lambda: not lives(child), seconds=5)


def test_commands_that_ask_nothing_run_side_by_side(stop_request, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    meeting = (
        "import pathlib, sys, time\n"
        "own, other = (pathlib.Path(name) for name in sys.argv[1:])\n"
        "own.touch()\n"
        "while not other.exists(): time.sleep(0.01)\n"
        "print(own.name)\n"
    )
    both = (tmp_path / "one", tmp_path / "other")
    commands = {
        "first": [sys.executable, "-c", meeting, *both],
        "second": [sys.executable, "-c", meeting, *reversed(both)],
        "third": [sys.executable, "-c", "import sys; print('said', file=sys.stderr)"],
    }

    assert Children(stop_request).complete_together(commands, {}) is None

    said = capsys.readouterr().out
    assert "— first\none\n" in said
    assert "— second\nother\n" in said
    assert said.endswith("— third\nsaid\n")


def test_the_first_that_fails_ends_those_beside_it(stop_request, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    tell = f"import os, sys; open(sys.argv[1], 'w').write(str(os.getpid())); {SLEEP}"
    fail = (
        "import pathlib, sys, time\n"
        "while not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.01)\n"
        "time.sleep(0.1); sys.exit('wrong')"
    )
    commands = {
        "long": [sys.executable, "-c", tell, tmp_path / "pid"],
        "wrong": [sys.executable, "-c", fail, tmp_path / "pid"],
        "never": [sys.executable, "-c", f"open({str(tmp_path / 'begun')!r}, 'w')"],
    }

    assert Children(stop_request).complete_together(commands, {}) == "wrong"

    assert capsys.readouterr().out == "— wrong\nwrong\n"
    assert not lives(int((tmp_path / "pid").read_text()))
    assert not (tmp_path / "begun").exists()
