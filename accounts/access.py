"""Who may do what: an administrator's decisions about a person."""

from django.db import transaction

from accounts import tokens
from accounts.models import User


@transaction.atomic
def change_access(user: User, *, role: str, is_active: bool) -> None:
    """Give a role, block or let in again; all sessions end, and with them tokens and sockets."""
    user.role, user.is_active = role, is_active
    # Never the whole row: the database refuses a balance that the ledger has not moved.
    user.save(update_fields=["role", "is_active", "updated_at"])
    tokens.end_all(user)
