import json
import os
import random
import signal
import time

import psutil
import pytest
from django.db import connection
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.signing import SignedPackage

from config.tests.conftest import lives, python, wait_until

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def worker():
    """The supervised worker, with a cluster that runs."""
    database = {name: connection.settings_dict[name] for name in ("ENGINE", "NAME", "USER")}
    database |= {name: connection.settings_dict[name] for name in ("HOST", "PORT", "PASSWORD")}
    told = {"database": database, "secret": Conf.SECRET_KEY, "name": Conf.PREFIX}
    with python("config/tests/small_worker.py", SMALL_WORKER=json.dumps(told)) as process:
        yield process
        for child in family(process):
            child.kill()


@pytest.fixture
def run(tmp_path):
    """Leave a task that makes a file; give a way to ask whether it did.

    It first makes another one, `NAME.begun`.
    """

    def leave(name, *, seconds=0):
        file = str(tmp_path / name)
        code = (
            f"import time; open({file + '.begun'!r}, 'w').close(); time.sleep({seconds}); "
            f"open({file!r}, 'w').close()"
        )
        task = {"id": name, "name": name, "func": "builtins.exec", "args": (code,), "kwargs": {}}
        ORM(Conf.PREFIX).enqueue(SignedPackage.dumps({**task, "started": time.time()}))
        return (tmp_path / name).exists

    return leave


def family(process):
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def test_the_queue_moves_on_whichever_process_is_killed(worker, run):
    wait_until(run("first"))
    for number in range(6):
        # supervisor > cluster > sentinel > two workers, monitor and pusher
        random.choice(family(worker)).kill()
        time.sleep(0.2)

        wait_until(run(f"after kill {number}"), seconds=10)

    assert worker.poll() is None


def test_a_task_in_hand_is_run_again_at_once(worker, run, tmp_path):
    wait_until(run("first"))
    was_run = run("slow", seconds=2)
    wait_until((tmp_path / "slow.begun").exists)

    for child in family(worker):
        child.kill()

    wait_until(was_run, seconds=15)  # far less than Q_CLUSTER["retry"]


def test_no_orphan_is_left_when_the_supervisor_is_killed(worker, run):
    wait_until(run("first"))
    children = [child.pid for child in family(worker)]
    assert len(children) == 6

    worker.kill()

    wait_until(lambda: not any(lives(child) for child in children), seconds=5)


def test_a_stop_lets_the_task_in_hand_finish(worker, run, tmp_path):
    wait_until(run("first"))
    was_run = run("slow", seconds=1.5)
    wait_until((tmp_path / "slow.begun").exists)
    children = [child.pid for child in family(worker)]

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(15) == 0
    assert was_run()
    assert not any(lives(child) for child in children)


def test_it_stops_at_once_while_it_starts(worker):
    wait_until(lambda: family(worker))
    os.kill(worker.pid, signal.SIGTERM)

    assert worker.wait(15) == 0
