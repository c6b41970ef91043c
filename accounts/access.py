"""Who may do what: an administrator's decisions about a person."""

from django.db import transaction

from accounts import sessions
from accounts.models import AuthSession, User
from core import audit


@transaction.atomic
def change_access(user: User, *, role: str, is_active: bool) -> None:
    """Give a role, block or let in again; all sessions end, and with them tokens and sockets."""
    access = {"role": role, "is_active": is_active}
    before = User.objects.select_for_update().values(*access).get(pk=user.pk)
    user.role, user.is_active = role, is_active
    # Never the whole row: the database refuses a balance that the ledger has not moved.
    user.save(update_fields=["role", "is_active", "updated_at"])
    sessions.end_all(user)
    audit.record("user.access", user, before=before, after=access)


@transaction.atomic
def end_session(session: AuthSession) -> None:
    """Sign somebody out on one device."""
    audit.record("session.end", session)
    sessions.end(session)
