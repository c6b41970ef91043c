"""Of many administrators at once one decides, and each looks at a product of their own."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import User
from billing.tests.test_ledger import at_once
from catalog import leases, moderation
from catalog.models import ModerationDecision, Product, ProductRevision
from catalog.products import create_product, update_product
from core.models import AuditEntry
from realtime.models import Event

CROWD = 8
races = pytest.mark.django_db(transaction=True)


@pytest.fixture
def moderators(db):
    return [
        User.objects.create(
            google_id=f"g-{number}", email=f"m{number}@x.kz", name="M", role=User.Role.ADMIN
        )
        for number in range(CROWD)
    ]


@pytest.fixture
def queue(atelier):
    return [create_product(atelier, name=f"Hat {n}", price=Decimal(100)) for n in range(CROWD)]


def decide(product, number, by):
    act = moderation.approve if number % 2 else moderation.reject
    act(Product(pk=product.pk), by=by)


@races
def test_of_many_decisions_about_a_product_one_counts(dress, moderators):
    outcomes = at_once(CROWD, lambda number: decide(dress, number, moderators[number]))

    assert sorted(outcomes) == ["AlreadyModerated"] * (CROWD - 1) + ["NoneType"]
    assert ModerationDecision.objects.count() == 1
    assert AuditEntry.objects.filter(action__startswith="product.").count() == 1
    told = Event.objects.filter(type="product_moderation_completed", audience__startswith="shop")
    assert told.count() == 1


@races
def test_of_many_decisions_about_a_revision_one_counts(dress_on_sale, moderators):
    update_product(dress_on_sale, name="Silk gown")

    outcomes = at_once(CROWD, lambda number: decide(dress_on_sale, number, moderators[number]))

    assert sorted(outcomes) == ["AlreadyModerated"] * (CROWD - 1) + ["NoneType"]
    revision = ProductRevision.objects.get()
    named = {"approved": "Silk gown", "rejected": "Silk dress"}
    assert Product.objects.get().name == named[revision.status]


@races
def test_edits_and_decisions_at_once_leave_one_revision_at_most(dress_on_sale, moderators):
    def act(number):
        if number % 2:
            return update_product(Product(pk=dress_on_sale.pk), name=f"Gown {number}")
        return moderation.approve(Product(pk=dress_on_sale.pk), by=moderators[number])

    outcomes = at_once(CROWD, act)

    assert set(outcomes) <= {"Product", "NoneType", "AlreadyModerated"}
    assert outcomes.count("Product") == CROWD // 2
    assert ProductRevision.objects.waiting().count() <= 1
    approved = ProductRevision.objects.filter(status="approved").count()
    assert approved == outcomes.count("NoneType")


@races
def test_many_undo_a_decision_once(dress, moderators):
    moderation.approve(dress, by=moderators[0])

    outcomes = at_once(CROWD, lambda n: moderation.undo(Product(pk=dress.pk), by=moderators[n]))

    assert sorted(outcomes) == ["NoneType"] + ["TooLateToUndo"] * (CROWD - 1)


@races
def test_each_administrator_gets_a_product_of_their_own(queue, moderators):
    taken = []

    at_once(CROWD, lambda number: taken.append(leases.take_next(moderators[number]).pk))

    assert sorted(taken) == [product.pk for product in queue]
    assert Product.objects.exclude(leased_by=None).count() == CROWD


@races
def test_who_looks_first_and_notes_it_later_takes_one_for_many(queue, moderators):
    """The negative control: without the lock they meet at the same product."""
    taken = []

    def carelessly(number):
        product = Product.objects.awaiting_moderation().filter(leased_by=None).first()
        Product.objects.filter(pk=product.pk).update(leased_by=moderators[number])
        taken.append(product.pk)

    at_once(CROWD, carelessly)

    assert len(set(taken)) < CROWD


@races
def test_of_many_who_want_the_same_one_gets_it(dress, moderators):
    outcomes = at_once(CROWD, lambda number: leases.take(dress, moderators[number]))

    assert sorted(outcomes) == ["BeingModerated"] * (CROWD - 1) + ["NoneType"]


def test_who_looks_at_it_decides_and_others_wait(dress, moderators):
    one, other, *_ = moderators
    leases.take(dress, one)

    for act in (moderation.approve, moderation.reject):
        with pytest.raises(leases.BeingModerated):
            act(dress, by=other)
    moderation.approve(dress, by=one)

    dress.refresh_from_db()
    assert (dress.moderation_status, dress.leased_by, dress.leased_until) == (
        "approved",
        None,
        None,
    )


def test_after_ten_minutes_it_is_anybodys(dress, moderators):
    one, other, *_ = moderators
    leases.take(dress, one)
    assert Product.objects.get().leased_until > timezone.now() + timedelta(minutes=9)
    Product.objects.update(leased_until=timezone.now())

    leases.take(dress, other)
    leases.release(dress, one)

    assert Product.objects.get().leased_by == other
    leases.release(dress, other)
    assert Product.objects.get().leased_by is None


def test_the_next_is_the_one_that_waits_longest_and_nobody_looks_at(queue, moderators, admin):
    one, other, *_ = moderators
    moderation.approve(queue[3], by=admin)
    update_product(queue[3], name="Cap")  # waits since just now

    order = [leases.take_next(one if n % 2 else other) for n in range(2)]

    assert [product.pk for product in order] == [queue[0].pk, queue[1].pk]
    Product.objects.filter(moderation_status="pending").update(leased_by=one, leased_until=NEVER)
    assert leases.take_next(other).pk == queue[3].pk


def test_there_may_be_nothing_to_do(admin):
    assert leases.take_next(admin) is None


NEVER = timezone.now() + timedelta(days=1)
