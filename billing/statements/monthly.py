"""The statement of a month: what there was, every line of the ledger, what there is.

A month goes by the clock of Kazakhstan, and by the order of the ledger: it begins with the first
line booked in it and ends before the first of the next, so that every line is in one statement
alone and each closing balance is the next opening one.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Min, QuerySet
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate, localtime, make_aware
from django.utils.translation import gettext as _

from billing.models import Transaction
from core.errors import Refusal
from shops.models import Shop

BATCH = 500
SHOWN_MONTHS = 12


class NoStatement(Refusal):
    code = "not_found"
    status = 404


@dataclass(frozen=True, slots=True)
class Statement:
    """`lines` and the balances before and after them."""

    month: str
    opening: Decimal
    closing: Decimal
    lines: QuerySet[Transaction]


def months_of(shop: Shop) -> list[date]:
    """The first days of the months that a shop has statements of, the newest first."""
    months: list[date] = []
    month = localdate().replace(day=1)
    while len(months) < SHOWN_MONTHS and month >= _opened_in(shop):
        months.append(month)
        month = _moved(month, -1)
    return months


def statement_of(shop: Shop, month: str) -> Statement:
    """The statement of a month written `2026-11`; the current month's goes as far as today.

    Raises NoStatement for what is no month, is still to come, or was before the shop opened.
    """
    first = _first_day(shop, month)
    after = _first_line_since(shop, _moved(first, 1))
    before = _first_line_since(shop, first)
    lines = shop.transactions.order_by("account_seq").select_related("order", "posting")
    return Statement(
        month=month,
        opening=_balance_before(shop, before),
        closing=_balance_before(shop, after),
        lines=lines.filter(account_seq__gte=before, account_seq__lt=after),
    )


def rows_of(statement: Statement) -> AsyncIterator[list[Any]]:
    """The rows of the file, worded in the language of the moment."""
    return _rows(statement, _("Opening balance"), _("Closing balance"), _types())


async def _rows(
    statement: Statement, opening: str, closing: str, types: dict[str, str]
) -> AsyncIterator[list[Any]]:
    yield ["", "", opening, "", "", statement.opening, ""]
    # Batch by batch: no cursor has to stay open while it is sent.
    left = statement.lines
    while batch := [line async for line in left[:BATCH]]:
        for line in batch:
            yield _row(line, types)
        left = statement.lines.filter(account_seq__gt=batch[-1].account_seq)
    yield ["", "", closing, "", "", statement.closing, ""]


def _row(line: Transaction, types: dict[str, str]) -> list[Any]:
    moment = f"{localtime(line.created_at):%Y-%m-%d %H:%M:%S}"
    number = line.order.order_number if line.order else ""
    what = types.get(line.type, line.type)
    return [
        *(line.account_seq, moment, what, number),
        *(line.amount, line.balance_after, line.posting.key),
    ]


def _types() -> dict[str, str]:
    return {value: str(name) for value, name in Transaction.Type.choices}


def _first_day(shop: Shop, month: str) -> date:
    is_month = len(month) == len("2026-11") and month.isascii()
    try:
        first = parse_date(f"{month}-01") if is_month else None
    except ValueError:
        first = None
    if first is None or not _opened_in(shop) <= first <= localdate():
        raise NoStatement(_("There is no statement of this month."))
    return first


def _opened_in(shop: Shop) -> date:
    return localtime(shop.created_at).date().replace(day=1)


def _moved(first: date, months: int) -> date:
    years, index = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(years, index + 1, 1)


def _first_line_since(shop: Shop, day: date) -> int:
    """The number of the first line that was booked on that day or later, or the next to come."""
    booked = shop.transactions.filter(created_at__gte=make_aware(datetime.combine(day, time())))
    found: int | None = booked.aggregate(first=Min("account_seq"))["first"]
    return found or (shop.transactions.count() + 1)


def _balance_before(shop: Shop, number: int) -> Decimal:
    line = shop.transactions.filter(account_seq=number - 1).first()
    return line.balance_after if line and line.balance_after is not None else Decimal(0)
