"""Break-glass: what is done for somebody who has lost every second factor."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import sessions
from accounts.mfa import factors
from accounts.models import User
from core import audit


@transaction.atomic
def reset(user: User) -> list[str]:
    """Take every factor away and end every session, so that nobody else enrols with one of them.

    Returns the kinds of the factors that are gone.
    """
    User.objects.select_for_update().get(pk=user.pk)
    kinds = sorted(factors.of(user).values())
    Authenticator.objects.filter(user=user).delete()
    audit.record("mfa_reset", user, before={"types": kinds})
    sessions.end_all(user)
    return kinds
