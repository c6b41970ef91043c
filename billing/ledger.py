"""The ledger: every movement of money, as postings whose legs sum to zero.

The database does the arithmetic: a trigger moves the balance with each leg, refuses a leg that
would overdraw it, an unbalanced posting and any later change. See docs/architecture.md.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from billing import events
from billing.models import Posting, Transaction
from core.errors import Refusal
from shops.models import Shop

Account = User | Shop | Transaction.Account
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


@transaction.atomic
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
    try:
        with transaction.atomic():
            posting = Posting.objects.create(key=key, type=kind, actor=actor)
            # Locking users, then shops, each by id: unsorted legs deadlocked 45 of 120 times.
            for account in sorted(legs, key=_lock_order):
                leg = {"posting": posting, "type": kind, "amount": legs[account], **about}
                Transaction.objects.create(**leg, **_owner(account))
    except IntegrityError as error:
        raise _refusal(error) from error
    _tell_owners(posting)
    return posting


def breaches() -> list[tuple[str, str]]:
    """Every broken invariant as (what, id of the row); empty when all money is accounted for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT what, id FROM ledger_breaches ORDER BY what, id")
        rows: list[tuple[str, str]] = cursor.fetchall()
    return rows


def _lock_order(account: Account) -> tuple[int, int, str]:
    match account:
        case User():
            return 0, account.pk, ""
        case Shop():
            return 1, account.pk, ""
    return 2, 0, account


def _owner(account: Account) -> dict[str, Any]:
    match account:
        case User():
            return {"user": account}
        case Shop():
            return {"shop": account}
    return {"system_account": account}


def _refusal(error: IntegrityError) -> Exception:
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
    if constraint in Balances:
        return InsufficientFunds(_("There is not enough money on the balance."))
    if constraint == "postings_key_key" or str(constraint).startswith("postings_key"):
        return AlreadyPosted(_("This has been paid or refunded already."))
    return error


def _tell_owners(posting: Posting) -> None:
    for leg in posting.legs.filter(system_account=None).select_related("user", "shop"):
        events.balance_updated(leg)
