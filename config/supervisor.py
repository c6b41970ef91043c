"""Keeps a django-q cluster alive: when one of its processes dies, all of it is started anew.

django-q2 starts a new worker in place of a dead one, but the dead one may have held the lock of
the queue they share, and then every task waits for ever. Tasks in hand when a cluster dies are
run again by the next one.
"""

import contextlib
import logging
import multiprocessing
import os
import signal
import time
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

from django.db import DatabaseError, connections
from django.utils import timezone
from django_q import cluster as django_q
from django_q.models import OrmQ

from config.orphans import die_with_parent

# How a process looks that lives, that finished, or that django-q ended for taking too long.
PLANNED_EXITS = {None, 0, -signal.SIGTERM}
# What django-q writes on the timer of a worker that took too long, and of one it replaces.
PLANNED_TIMERS = {0, -2}
PAUSE_SECONDS = 0.5
DRAIN_MAX_SECONDS = 25
STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}
logger = logging.getLogger(__name__)


class Supervisor:
    """Runs one cluster at a time, in a process group of its own."""

    def __init__(self) -> None:
        self._cluster: BaseProcess | None = None
        self._is_stopping = False

    def run(self) -> None:
        """Until SIGTERM or Ctrl-C, which let the tasks in hand finish."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._stop)
        signal.signal(signal.SIGALRM, self._lose_patience)
        while not self._is_stopping:
            self._run_once()
            if not self._is_stopping:
                logger.error("The worker's cluster died and is started anew.")
                time.sleep(PAUSE_SECONDS)
                _release_tasks()

    def _run_once(self) -> None:
        connections.close_all()  # a connection must not be shared with a fork
        signal.pthread_sigmask(
            signal.SIG_BLOCK, STOP_SIGNALS
        )  # the cluster lets them in when it can hear
        self._cluster = _start_cluster()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        if self._is_stopping:
            self._cluster.terminate()
        self._cluster.join()
        _kill_group(self._cluster)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._is_stopping = True
        if self._cluster and self._cluster.is_alive():
            self._cluster.terminate()
        signal.alarm(DRAIN_MAX_SECONDS)

    def _lose_patience(self, number: int, frame: FrameType | None) -> None:
        if self._cluster:
            _kill_group(self._cluster)


class WatchfulSentinel(django_q.Sentinel):  # type: ignore[misc]
    """Ends its whole process group, itself included, when one of its processes is killed."""

    def start(self) -> None:
        signal.signal(signal.SIGCHLD, self._look)
        super().start()

    def _look(self, number: int, frame: FrameType | None) -> None:
        """At once, so that hardly a task is taken by a cluster about to end."""
        if os.getpid() == self.pid:  # our children inherit this handler
            for process in (*self.pool, self.monitor, self.pusher):
                if process and process.exitcode not in PLANNED_EXITS:
                    os.killpg(0, signal.SIGKILL)

    def reincarnate(self, process: Any) -> None:
        """Called for every process that is gone, with half a second's delay."""
        timer = getattr(process, "timer", None)
        if timer is None or int(timer.value) not in PLANNED_TIMERS:
            os.killpg(0, signal.SIGKILL)
        super().reincarnate(process)


def _release_tasks() -> None:
    """Let the tasks that the dead cluster had in hand be taken at once.

    Another machine's may be among them: tasks bear being run twice, their rows decide.
    """
    try:
        OrmQ.objects.update(lock=timezone.now())
    except DatabaseError:  # they are taken after Q_CLUSTER["retry"] seconds, then
        logger.warning("The tasks of the dead cluster could not be released.")


def _start_cluster() -> BaseProcess:
    cluster = multiprocessing.get_context("fork").Process(target=_run_cluster, args=(os.getpid(),))
    cluster.start()
    return cluster


def _run_cluster(supervisor: int) -> None:
    os.setpgid(0, 0)
    die_with_parent(supervisor)
    os.register_at_fork(after_in_child=_begin_process)
    django_q.Sentinel = WatchfulSentinel
    cluster = django_q.Cluster()
    cluster.start()
    # Held until now: django-q forgets a signal that comes while it starts.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
    cluster.sentinel.join()


def _begin_process() -> None:
    die_with_parent(os.getppid())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def _kill_group(cluster: BaseProcess) -> None:
    if cluster.pid:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(cluster.pid, signal.SIGKILL)
