"""The ledger: every movement of money, as postings whose legs sum to zero.

The database does the arithmetic: a trigger moves the balance with each leg, refuses a leg that
would overdraw it, an unbalanced posting and any later change. See docs/architecture.md.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from billing import events
from billing.models import Posting, Transaction
from core.errors import Refusal
from core.transactions import broken_rule
from shops.models import Shop

Account = User | Shop | Transaction.Account
# One statement, because every round trip to the database is time in which rows are locked.
BOOK = """
WITH fact (key, type, actor, created_at, order_id, generation_id) AS (
  VALUES (%s, %s, %s, %s::timestamptz, %s::bigint, %s::bigint)
), posting AS (
  INSERT INTO postings (key, type, actor, created_at)
    SELECT key, type, actor, created_at FROM fact RETURNING id
)
INSERT INTO transactions (posting_id, type, order_id, generation_id, created_at,
    user_id, shop_id, system_account, amount)
  SELECT posting.id, fact.type, fact.order_id, fact.generation_id, fact.created_at,
      leg.user_id, leg.shop_id, leg.system_account, leg.amount
    FROM fact, posting,
      unnest(%s::bigint[], %s::bigint[], %s::text[], %s::numeric[])
        WITH ORDINALITY AS leg (user_id, shop_id, system_account, amount, place)
    ORDER BY leg.place
  RETURNING id, posting_id, user_id, shop_id, type, amount, balance_after
"""
BREACHES = "SELECT what, id FROM ledger_breaches ORDER BY what, id"
RETURNED = ("id", "posting_id", "user_id", "shop_id", "type", "amount", "balance_after")
Balances = ("user_balance_sane", "shop_balance_sane")


class InsufficientFunds(Refusal):
    code = "insufficient_funds"
    status = 402


class AlreadyPosted(Refusal):
    code = "already_posted"


def transfer(
    key: str,
    kind: Transaction.Type,
    amount: Decimal,
    *,
    source: Account,
    target: Account,
    **about: Any,
) -> Posting:
    """Move `amount` KZT from one account to another; see `post`."""
    return post(key, kind, {source: -amount, target: amount}, **about)


def post(
    key: str,
    kind: Transaction.Type,
    legs: Mapping[Account, Decimal],
    *,
    actor: str = "system",
    **about: int,
) -> Posting:
    """Book one business fact, whole or not at all, and tell the owners their new balance.

    `key` names the fact ("order:17:pay"): a second posting of it raises AlreadyPosted. A balance
    that would fall below 0 raises InsufficientFunds. `actor` is who answers for it, where a person
    does. `about` is `order_id` or `generation_id`.
    """
    posting = Posting(key=key, type=kind, actor=actor, created_at=timezone.now())
    try:
        with transaction.atomic():
            for line in _booked(posting, legs, **about):
                events.balance_updated(line)
    except IntegrityError as error:
        raise _refusal(error) from error
    return posting


def breaches() -> list[tuple[str, str]]:
    """Every broken invariant as (what, id of the row); empty when all money is accounted for."""
    with connection.cursor() as cursor:
        cursor.execute(BREACHES)
        rows: list[tuple[str, str]] = cursor.fetchall()
    return rows


def _lock_order(account: Account) -> tuple[int, int, str]:
    match account:
        case User():
            return 0, account.pk, ""
        case Shop():
            return 1, account.pk, ""
    return 2, 0, account


def _booked(
    posting: Posting,
    legs: Mapping[Account, Decimal],
    *,
    order_id: int | None = None,
    generation_id: int | None = None,
) -> list[Transaction]:
    """Write the posting and its legs; the lines of users and shops, with their new balance."""
    # Locking users, then shops, each by id: unsorted legs deadlocked 45 of 120 times.
    accounts = sorted(legs, key=_lock_order)
    told: list[Any] = [
        posting.key,
        posting.type,
        posting.actor,
        posting.created_at,
        order_id,
        generation_id,
    ]
    told += [[account.pk if isinstance(account, User) else None for account in accounts]]
    told += [[account.pk if isinstance(account, Shop) else None for account in accounts]]
    told += [[str(account) if isinstance(account, str) else None for account in accounts]]
    told += [[legs[account] for account in accounts]]
    with connection.cursor() as cursor:
        cursor.execute(BOOK, told)
        rows = cursor.fetchall()
    posting.pk = rows[0][1]
    lines = (Transaction(**dict(zip(RETURNED, row, strict=True))) for row in rows)
    return [line for line in lines if line.balance_after is not None]


def _refusal(error: IntegrityError) -> Exception:
    constraint = broken_rule(error)
    if constraint in Balances:
        return InsufficientFunds(_("There is not enough money on the balance."))
    if constraint == "postings_key_key" or constraint.startswith("postings_key"):
        return AlreadyPosted(_("This has been paid or refunded already."))
    return error
