import os

import pytest

from config.launcher import lock
from config.tests.conftest import python, wait_until


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "LOCK", tmp_path / "lock")


def test_a_second_copy_is_refused_and_told_which_runs():
    with lock.held(), pytest.raises(lock.AlreadyRunningError) as refused, lock.held():
        pass

    assert f"is already running from {lock.ROOT} (process {os.getpid()})" in str(refused.value)


def test_nothing_is_left_and_the_next_copy_may_run():
    with lock.held():
        pass
    assert not lock.LOCK.exists()

    with lock.held():
        assert lock.LOCK.read_text() == str(os.getpid())


def test_the_lock_of_a_killed_copy_holds_nobody_up():
    program = (
        "import pathlib, sys, time; from config.launcher import lock;"
        "lock.LOCK = pathlib.Path(sys.argv[1]); held = lock.held(); held.__enter__();"
        "time.sleep(60)"
    )
    with python("-c", program, lock.LOCK) as other:
        wait_until(lambda: lock.LOCK.exists() and lock.LOCK.read_text() == str(other.pid))
        other.kill()
        other.wait()

        with lock.held():
            assert lock.LOCK.read_text() == str(os.getpid())
