"""Many clients at once, each with the next request as soon as it is done with the last."""

import threading
import time
from collections import Counter

from django.db import connection, connections


class Crowd:
    """What came of the requests: `outcomes` by name, and the seconds that each took, sorted."""

    def __init__(self):
        self.outcomes, self.seconds = Counter(), []

    @property
    def p99(self):
        return self.seconds[len(self.seconds) * 99 // 100]


def crowd(clients, requests, work):
    """Do work(0..requests-1); an outcome is the name of what work raised, or what it returned.

    Each client is connected to the database before they start, as a server is.
    """
    found, numbers, lock = Crowd(), iter(range(requests)), threading.Lock()
    start = threading.Barrier(clients)

    def next_number():
        with lock:
            return next(numbers, None)

    def come():
        connection.ensure_connection()
        start.wait()
        while (number := next_number()) is not None:
            began = time.perf_counter()
            try:
                outcome = str(work(number))
            except Exception as error:  # noqa: BLE001 - the test names what it expects
                outcome = type(error).__name__
            with lock:
                found.outcomes[outcome] += 1
                found.seconds.append(time.perf_counter() - began)
        connections.close_all()

    threads = [threading.Thread(target=come) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.seconds.sort()
    return found
