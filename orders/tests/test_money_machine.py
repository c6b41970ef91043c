"""Everything that moves money, in any order, beside a model of plain dicts; crashes among it.

A few short histories by default; with LEEMA_WALKS they are 200 of 50 steps.
"""

import random
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from billing import ledger
from billing.models import Payout, Transaction
from billing.payouts import lifecycle
from billing.tests.effort import IS_FULL
from billing.tests.shops_with_money import with_bank_details
from generations import engines, pipeline
from generations.models import Generation
from generations.requests import request_design
from generations.tests.quick_engine import HOPELESS
from orders.tests import model, walks
from orders.tests.followers import START, Follower, cast, tenge

__all__ = ["cast"]
PICTURE = 250_00  # tiyn
PAYOUT_MIN = 5_000_00
KINDS = st.sampled_from(["purchase", "rental"])
PRICES = st.sampled_from([1, 33_333, 99_999, 4_321_987])
AMOUNTS = st.integers(1, 10**7)
Account, Type = Transaction.Account, Transaction.Type
EFFORT = settings(
    max_examples=200 if IS_FULL else 5,
    stateful_step_count=50 if IS_FULL else 20,
    deadline=None,
    database=None,
    derandomize=not IS_FULL,
    suppress_health_check=list(HealthCheck),
)


class CrashError(Exception):
    """The process dies before the commit."""


class Everything(Follower):
    """Follows orders, and knows what else moves money."""

    def began(self, world):
        world |= {"generation_hold": 0, "generation_revenue": 0, "payout_hold": 0}
        super().began(world)

    def wanted(self):
        more = ("generation_hold", "generation_revenue", "payout_hold")
        return super().wanted() | {name: self.world[name] for name in more}


class MoneyMachine(RuleBasedStateMachine):
    """Each rule does the same to the platform and to the model; then they have to agree."""

    def __init__(self, cast, admins):
        super().__init__()
        self.history = transaction.atomic()
        self.history.__enter__()
        cast.clock.seconds, cast.products = START, cast.products[:3]
        self.cast, self.admins, self.follower = cast, admins, Everything(cast)
        self.world = model.world(buyer=20_000_00)
        self.world["now"] = START
        self.follower.began(self.world)
        with_bank_details(cast.shop)

    def teardown(self):
        try:
            self.follower.check_the_books()
        finally:
            transaction.set_rollback(True)
            self.history.__exit__(None, None, None)

    @rule(amount=AMOUNTS)
    def top_up(self, amount):
        self.follower.move_money(Account.GATEWAY, self.cast.buyer, amount)
        self.world["buyer"] += amount
        self.world["outside"] -= amount
        self.agree()

    @rule(prompt=st.sampled_from(["a red dress", HOPELESS]))
    def generate(self, prompt):
        try:
            request_design(self.cast.buyer, prompt)
        except ledger.InsufficientFunds:
            assert self.world["buyer"] < PICTURE
        else:
            self.move(PICTURE, "buyer", "generation_hold")
        self.agree()

    @precondition(lambda self: self.world["generation_hold"])
    @rule(which=st.sampled_from([pipeline.run, pipeline.cancel]))
    def finish_a_generation(self, which):
        generation = Generation.objects.unfinished().earliest("pk")
        which(generation if which is pipeline.cancel else generation.pk)
        drawn = which is pipeline.run and generation.prompt != HOPELESS
        self.move(PICTURE, "generation_hold", "generation_revenue" if drawn else "buyer")
        self.agree()

    @precondition(lambda self: len(self.world["orders"]) < 8)
    @rule(kind=KINDS, each=PRICES, commission=st.integers(0, 100))
    def order(self, kind, each, commission):
        terms = {"each": each, "pieces": 2, "items": 2 * each, "per_day": each}
        terms["commission"] = terms["items"] * commission // 100
        if kind == "rental":
            today = model.day_of(self.world["now"])
            terms |= {"first": today + 1, "last": today + 1, "deposit": 2 * 50_001}
            terms["late_fee_per_day"] = 2 * 7_777
        self.follower.placed(model.place(self.world, kind, **terms))

    @precondition(lambda self: self.choices())
    @rule(data=st.data())
    def take_a_step(self, data):
        """Pay, cancel, ship, receive, dispute, refund: whatever is open."""
        number, step, who = data.draw(st.sampled_from(self.choices()))
        choose = data.draw(st.randoms(use_true_random=False))
        walks.act(self.world, number, step, who, choose, self.follower)

    @rule(seconds=st.sampled_from([20 * model.MINUTE, model.DAY, 3 * model.DAY, 14 * model.DAY]))
    def let_time_pass(self, seconds):
        self.world["now"] += seconds
        self.follower.swept(model.sweep(self.world))

    @precondition(lambda self: self.world["shop"] >= PAYOUT_MIN)
    @rule(share=st.integers(0, 100))
    def ask_for_a_payout(self, share):
        amount = PAYOUT_MIN + (self.world["shop"] - PAYOUT_MIN) * share // 100
        lifecycle.request(self.cast.shop, tenge(amount))
        self.move(amount, "shop", "payout_hold")
        self.agree()

    @precondition(lambda self: self.world["payout_hold"])
    @rule(is_paid=st.booleans())
    def decide_a_payout(self, is_paid):
        open_now = Payout.objects.filter(status__in=["requested", "processing"])
        payout = open_now.earliest("pk")
        while payout.status == "requested" and is_paid:
            approver = self.admins[0 if payout.approved_by_id is None else 1]
            payout = lifecycle.approve(payout, by=approver)
        if is_paid:
            lifecycle.mark_paid(payout, bank_reference="KZ-1")
        else:
            lifecycle.cancel(payout)
        self.move(int(payout.amount * 100), "payout_hold", "outside" if is_paid else "shop")
        self.agree()

    @rule(data=st.data())
    def crash_before_the_commit(self, data):
        """Whatever was under way, nothing of it has happened."""
        work = data.draw(st.sampled_from(self.works()))
        with pytest.raises((CrashError, ledger.InsufficientFunds)):
            die_after(work)
        self.agree()

    def works(self):
        """What might be under way."""
        works = [
            lambda: request_design(self.cast.buyer, "a red dress"),
            lambda: self.follower.move_money(Account.PROMO, self.cast.buyer, 1_000_00),
        ]
        if self.world["shop"] >= PAYOUT_MIN:
            works.append(lambda: lifecycle.request(self.cast.shop, tenge(PAYOUT_MIN)))
        works += [
            lambda each=each: self.follower.try_step(*each, self.said(*each))
            for each in self.choices()
        ]
        return works

    def said(self, number, step, who):
        return walks.what_is_said(self.world["orders"][number], step, random.Random(1))

    def choices(self):
        """What people may do with the orders: [(number of the order, step, who)]."""
        return [
            (number, step, who)
            for number, order in enumerate(self.world["orders"])
            for step, who in model.choices(self.world, order)
            if walks.can_be_longer(order) or step != "extend"
        ]

    def move(self, amount, source, target):
        self.world[source] -= amount
        self.world[target] += amount

    def agree(self):
        self.follower.compare("agree")


@transaction.atomic
def die_after(work):
    work()
    raise CrashError


@pytest.mark.usefixtures("unlimited")
def test_the_platform_and_the_model_agree(cast, admin, monkeypatch, settings):
    """Whatever happens, in whatever order, every tiyn is where the model has it."""
    monkeypatch.setitem(engines.DESIGN, "quick", "generations.tests.quick_engine.QuickEngine")
    settings.DESIGN_ENGINES, settings.LIMIT_GENERATIONS_RUNNING = ["quick"], 1000
    settings.GENERATION_PRICE = Decimal(250)
    second = type(admin).objects.create(google_id="g-2", email="2@example.kz", role="admin")

    run_state_machine_as_test(lambda: MoneyMachine(cast, [admin, second]), settings=EFFORT)
