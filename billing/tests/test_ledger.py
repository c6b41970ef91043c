"""Money never appears, disappears or moves twice: the database itself refuses."""

import threading
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, connections, transaction

from billing import ledger
from billing.models import Posting, Transaction
from conftest import funded

Account, Type = Transaction.Account, Transaction.Type


def pay(user, key="order:1:pay", amount=Decimal(400)):
    return ledger.transfer(key, Type.PURCHASE, amount, source=user, target=Account.ESCROW)


def test_both_sides_are_written_and_the_owner_hears(aigerim, published):
    with published() as events:
        posting = pay(aigerim)

    legs = {
        str(leg.user or leg.system_account): (leg.amount, leg.balance_after)
        for leg in posting.legs.all()
    }
    assert legs == {
        "Aigerim": (Decimal(-400), Decimal(600)),
        "escrow": (Decimal(400), None),
    }
    [(audience, kind, data)] = events
    assert (audience, kind, data["balance"]) == (f"user:{aigerim.pk}", "balance_updated", 600.0)


def test_the_last_tenge_cannot_be_spent_twice(aigerim):
    pay(aigerim, "order:1:pay", Decimal(1000))

    with pytest.raises(ledger.InsufficientFunds):
        pay(aigerim, "order:2:pay", Decimal("0.01"))

    aigerim.refresh_from_db()
    assert aigerim.balance == 0
    assert not Posting.objects.filter(key="order:2:pay").exists()


def test_one_fact_is_booked_once(aigerim):
    pay(aigerim)

    with pytest.raises(ledger.AlreadyPosted):
        pay(aigerim)

    aigerim.refresh_from_db()
    assert aigerim.balance == Decimal(600)


LEG = "INSERT INTO transactions (posting_id, system_account, amount, type, created_at) "
TAMPERING = [
    "UPDATE transactions SET amount = 1",
    "UPDATE transactions SET amount = 'NaN'",
    "DELETE FROM transactions",
    "DELETE FROM postings",
    "UPDATE postings SET key = key || 'x'",
    "UPDATE users SET balance = balance + 1",
    "UPDATE users SET ledger_seq = ledger_seq + 1",
    "UPDATE shops SET balance = 5",
    "INSERT INTO postings (key, type, actor, created_at) VALUES ('empty', 'topup', 'x', now())",
    f"""WITH p AS (INSERT INTO postings (key, type, actor, created_at)
        VALUES ('odd', 'topup', 'x', now()) RETURNING id)
        {LEG} SELECT id, 'gateway', 5, 'topup', now() FROM p""",
    f"""{LEG} SELECT (SELECT min(id) FROM postings), 'gateway', v, 'topup', now()
        FROM (VALUES (5), (-5)) AS x (v)""",
    """INSERT INTO users (password, google_id, email, name, avatar_url, balance, ledger_seq,
        free_generations_left, free_try_ons_left, role, is_active, created_at, updated_at)
        VALUES ('', 'rich', 'r@x.kz', 'Rich', '', 5, 0, 0, 0, 'user', true, now(), now())""",
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sql", TAMPERING)
def test_tampering_by_sql_is_refused(sql, aigerim, atelier):
    pay(aigerim)

    with pytest.raises(DatabaseError), transaction.atomic():
        execute(sql)

    assert ledger.breaches() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["transactions", "postings"])
def test_truncating_is_refused(table):
    sql = f"TRUNCATE {table} CASCADE"

    with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
        execute(sql)


def test_the_audit_finds_a_breach(aigerim):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE users DISABLE TRIGGER ledger_guard_balance")
        cursor.execute("UPDATE users SET balance = balance + 1 WHERE id = %s", [aigerim.pk])

        found = ledger.breaches()

        cursor.execute("UPDATE users SET balance = balance - 1 WHERE id = %s", [aigerim.pk])
        cursor.execute("ALTER TABLE users ENABLE TRIGGER ledger_guard_balance")
    assert found == [("user balance is not the sum of its lines", str(aigerim.pk))]


@pytest.mark.django_db(transaction=True)
def test_of_forty_payments_at_once_only_those_with_money_pass(timur):
    funded(timur, Decimal(1000))

    outcomes = at_once(40, lambda number: pay(timur, f"order:{number}:pay", Decimal(100)))

    assert outcomes.count("Posting") == 10
    assert outcomes.count("InsufficientFunds") == 30
    timur.refresh_from_db()
    assert timur.balance == 0


@pytest.mark.django_db(transaction=True)
def test_of_twenty_bookings_of_one_fact_at_once_one_passes(timur):
    funded(timur, Decimal(1000))

    outcomes = at_once(20, lambda number: pay(timur, "order:7:pay", Decimal(10)))

    assert outcomes.count("Posting") == 1
    assert outcomes.count("AlreadyPosted") == 19


@pytest.mark.django_db(transaction=True)
def test_reading_before_writing_would_overspend(timur):
    """The negative control: the same race without the database's rule sells what is not there."""
    spent = []
    ready = threading.Barrier(10)

    def naive(number):
        balance = Decimal(100) - sum(spent)
        ready.wait()
        if balance >= 100:
            spent.append(Decimal(100))

    at_once(10, naive)

    assert sum(spent) > 100


def execute(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def at_once(count, work):
    """Run work(0..count-1) in as many threads; the class names of what came out or was raised."""
    outcomes = []
    start = threading.Barrier(count)

    def run(number):
        start.wait()
        try:
            outcome = work(number)
        except Exception as error:  # noqa: BLE001 - the test names what it expects
            outcome = error
        finally:
            connections.close_all()
        outcomes.append(type(outcome).__name__)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
