"""Which second factors a person has. allauth keeps them: `Authenticator` rows of the user."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP

from accounts import sessions
from accounts.models import User
from core import audit
from shops.models import Shop, same_person

# Recovery codes stand in for one of these, and go with the last of them.
STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
Factors = dict[int, str]


def of(user: User) -> Factors:
    """The kind of each factor by its number: what `record_changes` compares."""
    rows = Authenticator.objects.filter(user=user).order_by("pk")
    return dict(rows.values_list("pk", "type"))


def is_enrolled(user: User | None) -> bool:
    return bool(user) and Authenticator.objects.filter(user=user, type__in=STRONG).exists()


def person_of(account: User | Shop) -> User | None:
    """Whose factors count for an account. Those of a shop are its owner's, who may be unknown."""
    if isinstance(account, User):
        return account
    return User.objects.filter(same_person(account)).first()


def enrol_app(user: User, secret: str) -> Authenticator:
    """Give the person an authenticator app whose secret is known already."""
    return TOTP.activate(user, secret).instance


def record_changes(user: User, before: Factors) -> list[int]:
    """Audit what has come and gone since `before`; returns what has come.

    When a factor goes, no session of the API may live on having shown it.
    """
    after = of(user)
    come = [pk for pk in after if pk not in before]
    gone = [pk for pk in before if pk not in after]
    for pk in come:
        audit.record("mfa_added", user, after={"factor": pk, "type": after[pk]})
    for pk in gone:
        audit.record("mfa_removed", user, before={"factor": pk, "type": before[pk]})
    if {before[pk] for pk in gone} & set(STRONG):
        sessions.of_person(user).update(mfa_at=None)
    return come
