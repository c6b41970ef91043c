"""Random walks through the life of orders: what people, the clock and their mistakes may do."""

import random

from orders.tests import model
from orders.tests.model import DAY, HOUR, MINUTE

MAX_RENTAL_DAYS = 14
LOTS = 10**9  # tiyn
HURRY = 20  # steps, after which the walk makes for its end
ACTORS = ["user", "shop", "admin", "timer", "gateway"]
ENDING = {"cancel", "decline", "cancel_early", "cancel_late", "resolve_buyer"}  # taken less often
PATIENCE_IN = {
    "awaiting_payment": 0.95,
    "in_use": 0.5,
    "overdue": 0.5,
    "completed": 0.4,
    "delivered": 0.6,
}
DELAYS = (MINUTE, 14 * MINUTE, 5 * HOUR, 23 * HOUR, DAY, 2 * DAY, 3 * DAY, 6 * DAY)


class Nobody:
    """Follows a walk without doing anything: then it is the model's alone."""

    def began(self, world):
        pass

    def placed(self, order):
        pass

    def did(self, place, step, who, said, outcome):
        pass

    def time_passed(self):
        pass

    def swept(self, taken):
        pass

    def paid_out(self, amount):
        pass


def walk(kind, seed, *, start, follower=None):
    """One to three orders from their placing to their end; the world at the end."""
    choose = random.Random(f"{kind}:{seed}")
    follower = follower or Nobody()
    world = model.world(buyer=choose.choice([LOTS, LOTS, LOTS, LOTS, 5_000_00]))
    world["now"] = start
    follower.began(world)
    place(world, kind, choose, follower)
    count = choose.choice([1, 1, 2, 3, 3])
    steps = 0
    while not model.is_over(world) or len(world["orders"]) < count:
        steps += 1
        assert steps < 300, "the walk does not end"
        if len(world["orders"]) < count and choose.random() < 0.3:
            place(world, kind, choose, follower)
        else:
            step(world, choose, follower, hurried=steps > HURRY)
    return world


def place(world, kind, choose, follower):
    pieces = choose.randint(1, 3)
    each = choose.choice([1, 33333, 99999, choose.randint(1, 10**7)])
    terms = {"pieces": pieces, "delivery": choose.choice([0, 0, 1, 150_001])}
    if kind == "rental":
        first = model.day_of(world["now"]) + choose.randint(0, 4)
        last = first + choose.randint(0, 4)
        terms |= {"first": first, "last": last, "each": each * (last - first + 1)}
        terms |= {"per_day": each, "deposit": pieces * choose.choice([0, 1, 100_001, 5_000_000])}
        terms |= {"late_fee_per_day": pieces * choose.choice([0, 3, 77_777])}
    else:
        terms |= {"each": each, "returnable": choose.random() < 0.8}
    items = terms["each"] * pieces
    terms["items"] = items
    terms["commission"] = choose.choice([0, items, items // 10, choose.randint(0, items)])
    follower.placed(model.place(world, kind, **terms))


def step(world, choose, follower, *, hurried):
    number = choose.randrange(len(world["orders"]))
    order = world["orders"][number]
    open_now = [
        each for each in model.choices(world, order) if makes_sense(world, order, each[0], choose)
    ]
    weights = [1 if name in ENDING else 12 for name, _ in open_now]
    patience = PATIENCE_IN.get(order["stage"], 0.8)
    dice = choose.random()
    if not hurried and dice < 0.1:
        stumble(world, number, choose, follower)
    elif world["shop"] and dice < 0.3:
        pay_out(world, choose, follower)
    elif open_now and dice < patience:
        [(name, who)] = choose.choices(open_now, weights)
        act(world, number, name, who, choose, follower)
    else:
        wait(world, order, choose, follower, hurried=hurried)


def makes_sense(world, order, name, choose):
    if name == "pay":
        return model.price_of(order, "pay", {}) <= world["buyer"] or choose.random() < 0.2
    if name == "extend":
        return can_be_longer(order)
    return name != "refund_settled" or choose.random() < 0.4


def can_be_longer(order):
    return order["kind"] == "rental" and model.rented_days(order) < MAX_RENTAL_DAYS


def act(world, number, name, who, choose, follower):
    order = world["orders"][number]
    said = what_is_said(order, name, choose)
    outcome = model.act(world, order, name, who, **said)
    follower.did(number, name, who, said, outcome)


def what_is_said(order, name, choose):
    if name == "extend":
        latest = (order["first"] or 0) + MAX_RENTAL_DAYS - 1
        next_day = (order["last"] or 0) + 1
        return {"until": choose.randint(next_day, max(next_day, latest))}
    if name == "resolve_split":
        return {"share": choose.choice([1, 3333, 5000, 9999])}
    if name in {"return_damaged", "claim_decide"}:
        most = order["deposit"] - order["late_fee"]
        return {"amount": choose.choice([0, most, choose.randint(0, most)])}
    return {}


def stumble(world, number, choose, follower):
    """Somebody tries what is not allowed: nothing may change."""
    order = world["orders"][number]
    name, who = choose.choice(list(model.STEPS)), choose.choice(ACTORS)
    if (name, who) not in model.choices(world, order):
        act(world, number, name, who, choose, follower)


def wait(world, order, choose, follower, *, hurried):
    limits = [limit for limit in model.limits(order) if limit >= world["now"]]
    if limits and (hurried or choose.random() < 0.6):
        world["now"] = max(world["now"], choose.choice(limits) + choose.choice([-1, 0, 0, 1]))
    else:
        world["now"] += choose.choice(DELAYS)
    if hurried or choose.random() < 0.8:
        follower.swept(model.sweep(world))


def pay_out(world, choose, follower):
    amount = choose.choice([world["shop"], choose.randint(1, world["shop"])])
    model.pay_out(world, amount)
    follower.paid_out(amount)
