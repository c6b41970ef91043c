"""Workers are killed while pictures are in the making: each ends once, paid or refunded."""

import random
import time
from decimal import Decimal

import psutil
import pytest

from billing.models import Transaction
from billing.tests.effort import IS_FULL
from config.tests.conftest import database_url, python, wait_until
from conftest import funded
from generations import pipeline
from generations.models import Generation
from generations.requests import request_try_on
from generations.tests.engines.fakes import FakeFashn, jpeg

JOBS, KILLS = (100, 30) if IS_FULL else (10, 3)
PRICE = 150
Type = Transaction.Type
pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def provider():
    with FakeFashn() as fake:
        fake.polls_until_ready = 1
        yield fake


@pytest.fixture
def worker(provider, settings):
    """The supervised worker of the platform, whose try-ons the provider makes."""
    told = {
        **provider.settings(),
        "TRY_ON_ENGINES": "fashn",
        "GENERATION_LEASE_SECONDS": "3",
        "DATABASE_URL": database_url(),
        "UPLOAD_DIR": str(settings.UPLOAD_DIR),
        "LOG_LEVEL": "CRITICAL",
    }
    with python("manage.py", "worker", **told) as process:
        yield psutil.Process(process.pid)
        for child in family(psutil.Process(process.pid)):
            child.kill()


def family(worker):
    return worker.children(recursive=True)


def kill_one(worker):
    """Any process of the cluster; the supervisor starts another cluster."""
    wait_until(lambda: len(family(worker)) > 1, seconds=60)
    random.choice(family(worker)).kill()


def finished():
    time.sleep(0.3)
    pipeline.sweep()  # as the schedule does every minute
    return not Generation.objects.unfinished().exists()


def test_every_try_on_ends_once_and_is_paid_or_refunded(
    worker, provider, timur, dress_on_sale, settings
):
    settings.LIMIT_GENERATIONS_RUNNING = JOBS
    funded(timur, Decimal(JOBS * PRICE))
    for seed in range(JOBS):
        request_try_on(timur, dress_on_sale, jpeg(size=(64, 64)), seed=seed)
    wait_until(lambda: provider.begun() > 0, seconds=60)
    for _ in range(KILLS):
        kill_one(worker)
        time.sleep(random.uniform(0.2, 1.5))
        finished()

    wait_until(finished, seconds=300)

    made = Generation.objects.filter(status="succeeded").count()
    assert Generation.objects.filter(status="failed").count() == JOBS - made
    assert made > JOBS / 2
    legs = Transaction.objects.filter(system_account=Transaction.Account.GENERATION_HOLD)
    counts = {kind: legs.filter(type=kind).count() for kind in legs.values_list("type", flat=True)}
    assert counts.pop(Type.GENERATION_CHARGE) == JOBS
    assert counts.pop(Type.GENERATION_CAPTURE) == made
    assert counts == ({Type.GENERATION_REFUND: JOBS - made} if made < JOBS else {})
    timur.refresh_from_db()
    assert timur.balance == (JOBS - made) * PRICE
    begun = f"{provider.begun()} begun at the provider"
    print(f"{made} of {JOBS} made after {KILLS} kills, {begun}")  # noqa: T201 - shown with -s
