"""Many clients at once, each with the next request as soon as it is done with the last."""

import multiprocessing
import threading
import time
import warnings
from collections import Counter

from django.db import connection, connections

FORK = multiprocessing.get_context("fork")


class Crowd:
    """What came of the requests: `outcomes` by name, and the seconds that each took, sorted."""

    def __init__(self, answers):
        self.outcomes = Counter(outcome for outcome, _ in answers)
        self.seconds = sorted(seconds for _, seconds in answers)

    @property
    def p99(self):
        return self.seconds[len(self.seconds) * 99 // 100]


def crowd(clients, requests, work, processes=1):
    """Do work(0..requests-1); an outcome is the name of what work raised, or what it returned.

    Each client is connected to the database before they start, as a server is; as many of them as
    of any other are served by each process, this one or copies of it.
    """
    numbers, start = FORK.Value("i", 0), FORK.Barrier(clients)

    def serve():
        return _together(clients // processes, lambda: _come(numbers, requests, start, work))

    return Crowd(serve() if processes == 1 else _in_copies(processes, serve))


def _come(numbers, requests, start, work):
    connection.ensure_connection()
    start.wait()
    while (number := _next(numbers)) < requests:
        began = time.perf_counter()
        try:
            outcome = str(work(number))
        except Exception as error:  # noqa: BLE001 - the test names what it expects
            outcome = type(error).__name__
        yield outcome, time.perf_counter() - began
    connections.close_all()


def _next(numbers):
    with numbers.get_lock():
        numbers.value += 1
        return numbers.value - 1


def _together(count, come):
    """What all of so many threads yield."""
    answers = []
    threads = [threading.Thread(target=lambda: answers.extend(come())) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _in_copies(count, serve):
    answers = FORK.SimpleQueue()

    def run():
        connection.connection = None  # the original's: psycopg lets it live
        answers.put(serve())

    copies = [FORK.Process(target=run) for _ in range(count)]
    with warnings.catch_warnings():
        # Python warns of locks that another thread may hold; the tests' other threads are at rest.
        warnings.simplefilter("ignore", DeprecationWarning)
        for copy in copies:
            copy.start()
    found = [answer for _ in copies for answer in answers.get()]
    for copy in copies:
        copy.join()
    return found
