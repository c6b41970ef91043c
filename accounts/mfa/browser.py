"""What a browser's session knows of the second factor."""

import time

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import (
    raise_if_reauthentication_required,
    suspend_request,
)
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.models import User

IDLE_SECONDS = 30 * 60
SEEN_EVERY_SECONDS = 60
SEEN = "admin_seen_at"


def has_shown(session: SessionBase, user: User) -> bool:
    """Whether a factor that the person still has was shown, with no pause of 30 minutes since."""
    kept = set(Authenticator.objects.filter(user=user).values_list("pk", flat=True))
    shown = [at for factor, at in _shown(session, user) if factor in kept]
    return bool(shown) and time.time() - max(*shown, session.get(SEEN, 0)) < IDLE_SECONDS


def note_activity(session: SessionBase, user: User) -> None:
    """Put the pause off; written down once a minute at most."""
    known = [session.get(SEEN, 0), *(at for _factor, at in _shown(session, user))]
    if time.time() - max(known) > SEEN_EVERY_SECONDS:
        session[SEEN] = time.time()


def note_shown(request: HttpRequest, user: User, factor: Authenticator) -> None:
    """Whoever sets a factor up has it in hand: the session counts as having shown it."""
    record_authentication(
        request, user, "mfa", id=factor.pk, type=factor.type, reauthenticated=True
    )
    request.session.cycle_key()


def ask(request: HttpRequest) -> HttpResponse:
    """The page that asks for the factor; the request, with its form, goes on from there."""
    response: HttpResponse = suspend_request(request, reverse("mfa_reauthenticate"))
    return response


def require_recent_factor(request: HttpRequest) -> None:
    """Step-up: ask whoever has shown no factor for 10 minutes; then the request goes on.

    Call it first thing in a page: it raises what allauth's middleware turns into the question.
    """
    raise_if_reauthentication_required(request, app="accounts")


def _shown(session: SessionBase, user: User) -> list[tuple[int, float]]:
    """Which factors this session has shown to us, and when."""
    request = HttpRequest()  # allauth asks for one, and reads its session alone
    request.session = session
    records = get_authentication_records(request, user)
    return [(record["id"], record["at"]) for record in records if record["method"] == "mfa"]
