"""Random walks through both lifecycles: the domain comes to the very sums of the model.

A few by default, and a thousand of the model alone; LEEMA_WALKS=10000 takes that many of each
kind. A walk that fails is repeated with its number: `follow("rental", 1234)`.
"""

from collections import Counter

import pytest
from django.db import transaction

from billing.tests.effort import IS_FULL, WALKS
from orders.tests import model
from orders.tests.followers import START, Follower, cast
from orders.tests.walks import Nobody, walk

__all__ = ["cast"]
AT_ONCE = 30 if IS_FULL else 15  # walks of one test
THROUGH_THE_DOMAIN = WALKS or AT_ONCE
THROUGH_THE_MODEL = 10 * WALKS or 1500
KINDS = ["purchase", "rental"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_model_itself_keeps_every_tiyn(kind):
    for seed in range(THROUGH_THE_MODEL):
        sums = model.sums(walk(kind, seed, start=START))
        assert sums["escrow"] == sums["deposit"] == sums["shop_pending"] == 0, seed
        assert sum(sums.values()) == 0, seed
        assert min(sums["buyer"], sums["shop"], -sums["shop_receivable"]) >= 0, seed


@pytest.mark.parametrize("first", range(0, THROUGH_THE_DOMAIN, AT_ONCE))
@pytest.mark.parametrize("kind", KINDS)
def test_the_domain_comes_to_the_sums_of_the_model(kind, first, cast):
    for seed in range(first, first + AT_ONCE):
        follow(kind, seed, cast)


@pytest.mark.parametrize("kind", KINDS)
def test_the_walks_take_every_step(kind):
    taken = Counter()

    class Counting(Nobody):
        def did(self, place, step, who, said, outcome):
            taken[step] += outcome == model.DONE

    for seed in range(1000):
        walk(kind, seed, start=START, follower=Counting())

    rows = model.TABLES[kind].values()
    of_people = {step for found in rows for step, _, actors in found if set(actors) - {"timer"}}
    assert of_people <= {step for step, times in taken.items() if times}


def follow(kind, seed, cast):
    """Walk through the domain, compare after each step, and leave nothing behind."""
    follower = Follower(cast)
    with transaction.atomic():
        try:
            world = walk(kind, seed, start=START, follower=follower)
            follower.check_the_end(world)
        except BaseException as error:
            error.add_note(f"{kind} {seed}: {follower.log}")
            raise
        transaction.set_rollback(True)
