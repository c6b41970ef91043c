"""In every stage that allows several steps, everybody takes theirs at once: one history comes out.

Whatever won, the steps that were remembered, taken one after the other by the model, lead to the
very sums of the database.
"""

import random

import pytest

from billing.tests.test_ledger import at_once
from orders import fulfilment
from orders.models import OrderEvent
from orders.models.kinds import Actor
from orders.tests import model, walks
from orders.tests.followers import START, Follower, cast

__all__ = ["cast"]
TIMES = 2  # each step is tried by so many
DAY = model.DAY
HANDED_OVER = [("pay", "user"), ("hand_over", "shop")]
SHIPPED = [("pay", "user"), ("accept", "shop"), ("ship", "shop")]
DELIVERED = [*SHIPPED, ("deliver", "shop")]
OVERDUE = [*HANDED_OVER, 12 * DAY, "sweep"]
ROADS = {
    "purchase": [
        [],
        [("pay", "user")],
        SHIPPED[:2],
        SHIPPED,
        DELIVERED,
        [*DELIVERED, 3 * DAY],
        [*SHIPPED, ("dispute", "user")],
        [*DELIVERED, ("request_return", "user")],
        [*DELIVERED, ("receive", "user")],
        [*DELIVERED, ("receive", "user"), 14 * DAY],
        [*DELIVERED, ("receive", "user"), ("request_return_late", "user")],
    ],
    "rental": [
        [],
        [("pay", "user")],
        HANDED_OVER,
        [*HANDED_OVER, ("problem", "user")],
        OVERDUE,
        [*OVERDUE, ("send_back", "user"), 3 * DAY],
        [*HANDED_OVER, 30 * DAY],
        [*HANDED_OVER, ("return_damaged", "shop")],
    ],
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ROADS)
def test_one_history_comes_out(kind, cast):
    follower, world = Follower(cast), begun()
    follower.began(world)

    for road in ROADS[kind]:
        order = travel(world, kind, road, follower)
        race(world, order, follower)


@pytest.mark.parametrize("kind", ROADS)
def test_the_roads_lead_to_every_stage_that_has_a_choice(kind):
    reached = {travel(begun(), kind, road, walks.Nobody())["stage"] for road in ROADS[kind]}

    assert {
        stage
        for stage, rows in model.TABLES[kind].items()
        if sum(len(actors) for _, _, actors in rows) > 1
    } <= reached


def race(world, order, follower):
    """Let everybody take their step at once; then let the model take those that were taken."""
    tries = TIMES * tries_of(world, order)
    before = OrderEvent.objects.count()

    def take(number):
        step, who, said = tries[number]
        return fulfilment.act(follower.orders[-1], step, Actor(who), follower.words(said))

    outcomes = at_once(len(tries), take)

    taken = list(OrderEvent.objects.order_by("pk"))[before:]
    # Who asks for a later day after somebody else was given it does not ask for a later one.
    assert set(outcomes) <= {"Order", "TransitionNotAllowed", "Unexplained"}
    assert outcomes.count("Order") == len(taken) >= 1
    words = {(step, who): said for step, who, said in tries}
    for event in taken:
        said = words[event.event, event.actor]
        assert model.act(world, order, event.event, event.actor, **said) == model.DONE
    follower.compare(order["stage"], [event.event for event in taken])


def begun():
    world = model.world(buyer=walks.LOTS)
    world["now"] = START
    return world


def travel(world, kind, road, follower):
    """A new order at the end of a road: steps with their actor, seconds that pass, and sweeps."""
    choose, number = random.Random(4), len(world["orders"])
    order = model.place(world, kind, **terms_of(world, kind))
    follower.placed(order)
    for leg in road:
        if leg == "sweep":
            follower.swept(model.sweep(world))
        elif isinstance(leg, int):
            world["now"] += leg
            follower.time_passed()
        else:
            walks.act(world, number, *leg, choose, follower)
    return order


def terms_of(world, kind):
    terms = {"items": 99_999, "each": 33_333, "pieces": 3, "commission": 10_001}
    if kind == "purchase":
        return terms
    today = model.day_of(world["now"])
    rental = {"first": today, "last": today, "per_day": 33_333}
    return terms | rental | {"deposit": 300_003, "late_fee_per_day": 3_003}


def tries_of(world, order):
    """Everything that may be done now, the clock's step with it, and what is said with it."""
    choose = random.Random(5)
    options = model.choices(world, order)
    rows = model.TABLES[order["kind"]][order["stage"]]
    options += [(step, "timer") for step, _, actors in rows if "timer" in actors]
    return [(step, who, walks.what_is_said(order, step, choose)) for step, who in options]


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_take_each_step_once(cast):
    follower, world, taken = Follower(cast), begun(), []
    follower.began(world)
    for kind in ("purchase", "rental", "purchase", "rental"):
        travel(world, kind, [], follower)
    world["now"] += 15 * model.MINUTE
    follower.time_passed()

    at_once(6, lambda _: taken.append(fulfilment.take_due_steps()))

    assert sum(taken) == model.sweep(world) == 4
    follower.compare("swept")
