"""Sessions: who is signed in where, and how that ends."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import events
from accounts.models import AuthSession, User
from core.principal import Principal, Role
from shops.models import Shop, same_person

SEEN_EVERY = timedelta(minutes=1)


def role_of(session: AuthSession) -> Role:
    """The role a session gives. An administrator on a phone is an ordinary user."""
    if session.shop_id:
        return Role.SHOP
    on_web = session.platform == AuthSession.Platform.WEB
    is_admin = session.user is not None and session.user.role == User.Role.ADMIN
    return Role.ADMIN if is_admin and on_web else Role.USER


def is_alive(principal: Principal | None) -> bool:
    """Whether the session behind the principal goes on, with the role and the factor it had."""
    if principal is None:
        return False
    alive = AuthSession.objects.alive().select_related("user")
    session = alive.filter(pk=principal.session_id).first()
    if session is None or role_of(session) != principal.role:
        return False
    return principal.second_factor_at is None or session.mfa_at is not None


def see(session: AuthSession) -> None:
    """Note that the session is in use; at most one write a minute, however many requests."""
    now = timezone.now()
    if session.last_seen_at < now - SEEN_EVERY:
        unseen = AuthSession.objects.filter(pk=session.pk, last_seen_at__lt=now - SEEN_EVERY)
        unseen.update(last_seen_at=now)


@transaction.atomic
def end(session: AuthSession) -> None:
    """End a session: all its tokens stop working, its sockets close."""
    session.revoked_at = timezone.now()
    session.save(update_fields=["revoked_at"])
    events.session_ended(session)


@transaction.atomic
def end_all(account: User | Shop, *, but: str = "") -> None:
    """Sign the account out wherever it is, but for one session: apps, browsers and panels.

    With a person goes the shop of the same person, which they may enter as themselves.
    """
    theirs = of_person(account) if isinstance(account, User) else account.sessions
    ending = theirs.filter(revoked_at=None)
    for session in (ending.exclude(pk=but) if but else ending).order_by("pk"):
        end(session)
    end_panels(account)


def of_person(user: User) -> QuerySet[AuthSession]:
    """Every session of the person: as a user, and as their shop."""
    return AuthSession.objects.filter(Q(user=user) | Q(shop__in=Shop.objects.owned_by(user)))


def end_panels(account: User | Shop) -> None:
    """Sign the account's person out of the panel and the administrators' site, everywhere."""
    is_one = Q(pk=account.pk) if isinstance(account, User) else same_person(account)
    people = User.objects.filter(is_one)
    people.update(password=make_password(None))  # Django's cookie sessions depend on it
    for pk in people.values_list("pk", flat=True):
        events.panel_ended(pk)


def clear_old() -> int:
    """Delete what has been over for long, panel cookies included; returns how many sessions."""
    SessionStore.clear_expired()
    return AuthSession.objects.long_over().delete()[0]
