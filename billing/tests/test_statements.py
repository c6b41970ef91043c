"""A shop takes its month along: what there was, every line, what there is."""

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.utils import timezone
from django.utils.timezone import localdate

from billing import ledger
from billing.models import Transaction
from billing.statements import monthly
from billing.tests.shops_with_money import earned
from conftest import browser_of
from shops.models import Shop

Type, Account = Transaction.Type, Transaction.Account


@pytest.fixture
def old_atelier(atelier):
    """The atelier, as if it had opened in January."""
    Shop.objects.filter(pk=atelier.pk).update(created_at=datetime(2026, 1, 15, tzinfo=UTC))
    atelier.refresh_from_db()
    return atelier


def booked(shop, amount, moment, key=""):
    """A line of the shop's, as if it had been booked then."""
    key = key or f"test:{shop.pk}:{moment}:{amount}"
    legs = {shop: Decimal(amount), Account.PROMO: -Decimal(amount)}
    posting = ledger.post(key, Type.PROMO, legs)
    with connection.cursor() as cursor:  # the ledger's own triggers would refuse
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE transactions SET created_at = %s WHERE posting_id = %s",
            [datetime.fromisoformat(moment), posting.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")


def whole(response):
    async def read():
        return b"".join([part async for part in response]).decode("utf-8-sig")

    return list(csv.reader(StringIO(async_to_sync(read)())))


def statement(client, month, **headers):
    response = client.get(f"/api/v1/shops/me/statements/{month}.csv", **headers)
    assert response.status_code == 200
    return whole(response)


def test_a_month_has_its_lines_between_its_balances(as_atelier, old_atelier):
    booked(old_atelier, 1000, "2026-01-31T18:59:59+00:00")
    booked(old_atelier, "500.50", "2026-01-31T19:00:00+00:00")  # February in Almaty
    booked(old_atelier, "-200.25", "2026-02-28T18:59:59+00:00")
    booked(old_atelier, 7, "2026-02-28T19:00:00+00:00")

    heading, opening, *lines, closing = statement(as_atelier, "2026-02")

    assert heading == ["Number", "When", "What", "Order number", "Amount", "Balance", "Key"]
    assert opening == ["", "", "Opening balance", "", "", "1000.00", ""]
    assert [line[:6] for line in lines] == [
        ["2", "2026-02-01 00:00:00", "Gift", "", "500.50", "1500.50"],
        ["3", "2026-02-28 23:59:59", "Gift", "", "-200.25", "1300.25"],
    ]
    assert closing == ["", "", "Closing balance", "", "", "1300.25", ""]


def test_it_adds_up_exactly_month_after_month(old_atelier):
    """Lines whose clocks disagree at midnight among them."""
    moments = ["2026-01-31T18:59:59.9", "2026-01-31T19:00:00.2", "2026-01-31T18:59:59.8"]
    for number, moment in enumerate([*moments, "2026-03-05T00:00:00", "2026-04-01T00:00:00"]):
        booked(old_atelier, f"{number + 1}.01", f"{moment}+00:00")

    balance, seen = Decimal(0), []
    for month in ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05"):
        told = monthly.statement_of(old_atelier, month)
        lines = list(told.lines)
        assert told.opening == balance
        assert told.closing == told.opening + sum(line.amount for line in lines)
        balance = told.closing
        seen += [line.account_seq for line in lines]

    assert seen == [1, 2, 3, 4, 5]
    old_atelier.refresh_from_db()
    assert balance == old_atelier.balance == Decimal("15.05")


def test_a_month_without_lines_has_its_balance(as_atelier, old_atelier):
    booked(old_atelier, 1000, "2026-01-20T00:00:00+00:00")

    assert [row[5] for row in statement(as_atelier, "2026-06")[1:]] == ["1000.00", "1000.00"]


def test_this_month_goes_as_far_as_today(as_atelier, atelier):
    earned(atelier, 300)

    rows = statement(as_atelier, f"{localdate():%Y-%m}")

    assert [row[5] for row in rows[1:]] == ["0", "300.00", "300.00"]


def test_a_long_month_is_whole(as_atelier, old_atelier, monkeypatch):
    monkeypatch.setattr(monthly, "BATCH", 2)
    for day in range(1, 8):
        booked(old_atelier, day, f"2026-02-0{day}T12:00:00+00:00")

    rows = statement(as_atelier, "2026-02")

    assert [row[4] for row in rows[2:-1]] == [f"{day}.00" for day in range(1, 8)]


def test_no_cell_is_a_formula(as_atelier, old_atelier):
    booked(old_atelier, 5, "2026-02-02T12:00:00+00:00", key='=HYPERLINK("x"),=1+1')

    [line] = statement(as_atelier, "2026-02")[2:-1]

    assert line[6] == "'=HYPERLINK(\"x\"),'=1+1"


def test_it_is_worded_and_divided_in_the_readers_language(as_atelier, old_atelier):
    booked(old_atelier, "5.50", "2026-02-02T12:00:00+00:00")
    address = "/api/v1/shops/me/statements/2026-02.csv"

    response = as_atelier.get(address, HTTP_ACCEPT_LANGUAGE="ru")

    async def read():
        return b"".join([part async for part in response]).decode("utf-8-sig")

    assert '"5,50";"5,50"' in async_to_sync(read)()


def test_it_is_a_download(as_atelier, atelier):
    response = as_atelier.get(f"/api/v1/shops/me/statements/{localdate():%Y-%m}.csv")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="statement-{localdate():%Y-%m}' in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    whole(response)


def test_one_may_ask_for_csv(as_atelier, atelier):
    address = "/api/v1/shops/me/statements/"

    found = as_atelier.get(f"{address}{localdate():%Y-%m}.csv", HTTP_ACCEPT="text/csv")
    missing = as_atelier.get(f"{address}1999-01.csv", HTTP_ACCEPT="text/csv")

    assert found.status_code == 200
    whole(found)
    assert (missing.status_code, missing["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "month", ["2026-13", "2026-00", "0000-01", "0001-01", "2025-12", "202-011", "x", "٢٠٢٦-01"]
)
def test_what_is_no_month_of_the_shop_is_not_found(as_atelier, old_atelier, month):
    response = as_atelier.get(f"/api/v1/shops/me/statements/{month}.csv")

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_a_month_to_come_is_not_found(as_atelier, atelier):
    later = f"{timezone.now() + timedelta(days=32):%Y-%m}"

    assert as_atelier.get(f"/api/v1/shops/me/statements/{later}.csv").status_code == 404


def test_a_shop_sees_its_own_lines_alone(as_bazaar, bazaar, atelier):
    earned(atelier, 300)

    rows = statement(as_bazaar, f"{localdate():%Y-%m}")

    assert [row[5] for row in rows[1:]] == ["0", "0"]


def test_the_panel_links_to_the_months(aigerim, atelier):
    Shop.objects.filter(pk=atelier.pk).update(google_id=aigerim.google_id)
    earned(atelier, 300)
    owner = browser_of(aigerim)
    address = f"/panel/balance/{localdate():%Y-%m}.csv"

    assert f'href="{address}"' in owner.get("/panel/balance/").content.decode()
    assert [row[5] for row in whole(owner.get(address))[1:]] == ["0", "300.00", "300.00"]


def test_the_panel_lists_twelve_months_at_most(old_atelier):
    Shop.objects.filter(pk=old_atelier.pk).update(created_at=datetime(2020, 1, 31, tzinfo=UTC))
    old_atelier.refresh_from_db()

    months = monthly.months_of(old_atelier)

    assert len(months) == 12
    assert months[0] == localdate().replace(day=1)
    assert {month.day for month in months} == {1}
