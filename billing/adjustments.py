"""Corrections of a balance by an administrator: rare, signed, and answered for."""

from decimal import Decimal

from accounts.models import User
from billing import ledger
from billing.models import Transaction
from core import audit
from core.transactions import atomic
from shops.models import Shop


@atomic
def adjust(
    account: User | Shop, amount: Decimal, *, reason: str, by: User, fact: str
) -> Transaction:
    """Move `amount` KZT onto the balance, or off it when it is below 0; the account's line.

    `fact` names the correction: the same one again raises AlreadyPosted.
    """
    posting = ledger.post(
        f"adjustment:{fact}",
        Transaction.Type.ADJUSTMENT,
        {account: amount, Transaction.Account.ADJUSTMENT: -amount},
        actor=f"admin:{by.pk}",
    )
    line = posting.legs.get(system_account=None)
    _record(account, line, reason)
    return line


def _record(account: User | Shop, line: Transaction, reason: str) -> None:
    assert line.balance_after is not None
    audit.record(
        "balance.adjust",
        account,
        before={"balance": line.balance_after - line.amount},
        after={
            "balance": line.balance_after,
            "transaction": line.pk,
            "reason": reason,
        },
    )
