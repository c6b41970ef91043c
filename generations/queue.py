"""The queue of the workers.

It lives in the database, so a generation is queued exactly if the caller's transaction commits.
The row is the truth; a task only wakes a worker.
"""

from django_q.tasks import async_task


def enqueue(generation_id: int) -> None:
    async_task("generations.tasks.run_generation", generation_id)
