"""Many people book the same few pieces: no day twice, and nobody waits in a circle."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from billing.tests.crowds import crowd
from billing.tests.effort import IS_FULL
from catalog import stock
from catalog.models import RentalTerms
from catalog.products import create_product
from orders.checkout import place
from orders.models import RentalBooking
from orders.quotes import Wish

CLIENTS, BOOKINGS = (40, 300) if IS_FULL else (10, 60)
UNITS = 3
PROCESSES = 2  # of a web server, by default
OVERLAPS = """
SELECT count(*) FROM rental_bookings a JOIN rental_bookings b
  ON a.variant_id = b.variant_id AND a.unit = b.unit AND a.id < b.id AND a.period && b.period
"""
CONSTRAINT = next(
    each for each in RentalBooking._meta.constraints if each.name == "booking_never_twice"
)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def book(timur, atelier, dresses):
    """Let the crowd book a gown for random days of the next three weeks."""
    gown = create_product(atelier, name="Gown", price=Decimal(1), category=dresses)
    type(gown).objects.update(moderation_status="approved", is_active=True)
    RentalTerms.objects.create(product=gown, price_per_day=Decimal(100))
    gown.variants.update(rental_units=UNITS)
    variant, chance = gown.variants.get(), random.Random(20)
    today = timezone.localdate()
    wishes = []
    for _ in range(BOOKINGS):
        start = today + timedelta(days=chance.randint(0, 20))
        end = start + timedelta(days=chance.randint(0, 4))
        wishes.append(Wish(variant.pk, start=start, end=end))

    def attempt(number):
        place(timur, [wishes[number]])
        return "booked"

    return lambda: crowd(CLIENTS, BOOKINGS, attempt, PROCESSES)


@pytest.fixture
def unlocked(monkeypatch):
    monkeypatch.setattr(stock, "held", lambda rows: rows.select_related("product"))


@pytest.fixture
def unconstrained(transactional_db, book):
    with connection.schema_editor() as editor:
        editor.remove_constraint(RentalBooking, CONSTRAINT)
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # the ledger refuses it otherwise
        cursor.execute("TRUNCATE orders, checkouts CASCADE")  # nothing of it was paid
        cursor.execute("RESET session_replication_role")
    with connection.schema_editor() as editor:
        editor.add_constraint(RentalBooking, CONSTRAINT)


def overlaps():
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        return cursor.fetchone()[0]


def test_no_piece_is_promised_twice_for_a_day(book):
    found = book()

    assert set(found.outcomes) == {"booked", "CannotBeOrdered"}
    assert found.outcomes["booked"] == RentalBooking.objects.count() >= UNITS
    assert overlaps() == 0
    print(f"p99 {found.p99:.2f} s of {dict(found.outcomes)}")  # noqa: T201 - shown with -s
    assert found.p99 < (1 if IS_FULL else 5)  # a busy machine waits longer


def test_without_the_lock_the_database_has_to_refuse(book, unlocked, caplog):
    found = book()
    caplog.clear()  # of deadlocks, which are what the lock is for

    assert found.outcomes["IntegrityError"] + found.outcomes["OperationalError"] > 0
    assert overlaps() == 0


def test_without_lock_and_constraint_days_are_promised_twice(book, unlocked, unconstrained):
    book()

    assert overlaps() > 0
