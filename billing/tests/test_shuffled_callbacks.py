"""Messages of gateways, doubled, reversed and lost: each payment ends as it would in order.

Payments with 5 messages each, 4 clients at once, a tenth of the messages lost. One order of arrival
of 80 payments by default; for twenty orders of 200:
`LEEMA_WALKS=1 ./leema test billing/tests/test_shuffled_callbacks.py --shuffles 20`.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import cycle, islice

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from billing.models import Payment
from billing.payments import steps, transitions
from billing.tests.effort import IS_FULL
from billing.tests.sandbox_payer import told
from billing.tests.test_ledger import at_once
from orders import checkout as checkouts
from orders import settling
from orders.models import Order
from orders.quotes import Wish

PAYMENTS, MESSAGES, CLIENTS, LOST = 200 if IS_FULL else 80, 5, 4, 0.1
ASKED, OTHER = Decimal(400), Decimal(399)
WITH_ORDERS = 20  # so many of the payments are for an order
pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Story:
    """Messages as (status, name of the fact), in the order in which they are sent, and the end."""

    messages: Sequence[tuple[str, str]]
    end: str
    amount: Decimal = ASKED

    @property
    def paid(self):
        return ASKED if self.end == "succeeded" else None


def failed(*names):
    return [("failed", name) for name in names]


SUCCESS, OTHER_AMOUNT = ("succeeded", "paid"), ("other", "other")
STORIES = [
    Story(
        [*failed("card 1", "card 2"), SUCCESS, SUCCESS, ("succeeded", "told otherwise")],
        "succeeded",
    ),
    Story(failed("card 1", "card 1", "card 2", "card 3", "card 3"), "failed"),
    Story([OTHER_AMOUNT, OTHER_AMOUNT, SUCCESS, SUCCESS, SUCCESS], "succeeded"),
    Story([("expired", "late"), ("expired", "late"), SUCCESS, SUCCESS, SUCCESS], "succeeded"),
    Story(
        [*failed("card 1", "card 1"), OTHER_AMOUNT, OTHER_AMOUNT, OTHER_AMOUNT],
        "needs_review",
        OTHER,
    ),
    Story([*failed("card 1"), ("cancelled", "gone"), SUCCESS, SUCCESS, SUCCESS], "succeeded"),
]
PAY_ORDERS = STORIES[:3]  # an end of the payer's time leaves an order to the next payment


def pytest_generate_tests(metafunc):
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(metafunc.config.getoption("shuffles")))


@pytest.fixture
def payments(timur, dress_on_sale):
    """Pairs of a payment and its story."""
    variant = dress_on_sale.variants.get().pk
    placed = [checkouts.place(timur, [Wish(variant)]) for _ in range(WITH_ORDERS)]
    plain = [None] * (PAYMENTS - WITH_ORDERS)
    rows = [begun(timur, checkout) for checkout in [*placed, *plain]]
    stories = [
        *islice(cycle(PAY_ORDERS), WITH_ORDERS),
        *islice(cycle(STORIES), PAYMENTS - WITH_ORDERS),
    ]
    return list(zip(Payment.objects.bulk_create(rows), stories, strict=True))


def begun(user, checkout):
    purpose = "checkout" if checkout else "topup"
    return Payment(
        user=user,
        checkout=checkout,
        purpose=purpose,
        provider="sandbox",
        amount=ASKED,
        status="pending",
    )


def messages_of(payments, chance):
    """Every message that arrives, in the order of arrival."""
    sent = [
        (payment, *message)
        for payment, story in payments
        for message in story.messages
        if chance.random() >= LOST
    ]
    chance.shuffle(sent)
    return sent


def arrive(messages):
    """Several clients bring the messages at the same time; what failed."""
    failures = []

    def bring(number):
        for payment, status, name in messages[number::CLIENTS]:
            said = {"succeeded" if status == "other" else status}
            amount = OTHER if status == "other" else ASKED
            try:
                settling.receive("sandbox", told(payment, *said, amount=amount, event=name))
            except Exception as error:  # noqa: BLE001 - the test looks at it
                failures.append(error)

    at_once(CLIENTS, bring)
    return failures


def ask_in_the_end(payments):
    """The time of every payment is over, and the gateway tells what is so."""
    for payment, story in payments:
        outcome = "failed" if story.end == "failed" else "succeeded"
        cache.set(f"sandbox:{payment.pk}", (outcome, story.amount))
    Payment.objects.exclude(next_query_at=None).update(next_query_at=timezone.now())
    at_once(2, lambda _: settling.settle_due())


def differences(payments):
    """Payments that are not what they would be in order, or whose orders are not."""
    now = {row.pk: row for row in Payment.objects.all()}
    stages = dict(Order.objects.values_list("checkout_id", "stage"))
    found = []
    for payment, story in payments:
        stage = stages.get(payment.checkout_id)
        wanted = story.end, story.paid, stage and ("paid" if story.paid else "awaiting_payment")
        row = now[payment.pk]
        if (row.status, row.paid_amount, stage) != wanted:
            found.append((payment.pk, row.status, row.paid_amount, stage, wanted))
    return found


def test_no_payment_ends_otherwise_than_in_order(payments, timur, seed):
    messages = messages_of(payments, random.Random(seed))
    assert 0.85 < len(messages) / (PAYMENTS * MESSAGES) < 0.95

    assert arrive(messages) == []
    ask_in_the_end(payments)

    assert differences(payments) == []
    timur.refresh_from_db()
    plain = payments[WITH_ORDERS:]
    assert timur.balance == sum(story.paid or 0 for _, story in plain)


def test_without_looking_at_the_status_they_do(payments, monkeypatch):
    """The negative control: every message is applied, whatever the payment is by then."""

    def blind(payment, event, actor):
        return next(step for step in transitions.PAYMENT if step.event == event)

    monkeypatch.setattr(transitions, "find", blind)
    some = payments[WITH_ORDERS:][:30]
    arrive(messages_of(some, random.Random(1)))

    assert differences(some) != []
    mended()


def test_without_the_lock_they_do(payments, monkeypatch):
    """The other one: two messages about one payment at once, each of which sees it as it was."""
    slow = cycle([0, 0.15])  # seconds: sometimes it is the refusal that writes last

    def unlocked(pk, **about):
        row = Payment.objects.select_related("user", "shop").filter(pk=pk, **about).first()
        time.sleep(next(slow))
        return row

    monkeypatch.setattr(steps, "locked", unlocked)
    some = payments[WITH_ORDERS :: len(STORIES)][:10]
    for payment, _story in some:
        arrive([(payment, "succeeded", "paid"), (payment, "failed", "card 1")])

    assert differences(some) != []
    mended()


def mended():
    """The status that the booked money has, so that the books are right again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payments p SET status = 'succeeded', paid_amount = t.amount, paid_at = now()"
            " FROM postings g JOIN transactions t ON t.posting_id = g.id AND t.user_id IS NOT NULL"
            " WHERE g.key = 'payment:' || p.id || ':succeed'"
        )
