"""Tokens: a session gives a short access token and a refresh token that is rotated.

simplejwt signs and parses. Claims: `user_id` or `shop_id`, `role`, `platform`, `account_type`,
`sid` (the session), `type`, `iss`, `aud`, `iat`, `exp`, `jti`; a refresh token also `counter`.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from accounts import events
from accounts.models import AuthSession, User
from core.errors import Refusal
from core.principal import Principal, Role
from shops.models import Shop


class InvalidToken(Refusal):
    """The token is forged, expired or revoked, or its account is gone or has changed role."""

    code = "invalid_token"
    status = 401

    def __init__(self) -> None:
        super().__init__(_("The token is not valid or no longer valid. Sign in again."))


@dataclass(frozen=True, slots=True)
class TokenPair:
    access: str
    refresh: str


def issue(session: AuthSession) -> TokenPair:
    """The tokens of a session as it is now."""
    refresh = _signed(RefreshToken(), session)
    refresh["counter"] = session.counter
    return TokenPair(access=str(_signed(AccessToken(), session)), refresh=str(refresh))


def verify(raw: str) -> tuple[User | Shop, Principal]:
    """Return the account an access token speaks for, as it is in the database now."""
    try:
        claims = AccessToken(raw)  # type: ignore[arg-type]
        session = _sessions().get(pk=claims["sid"], revoked_at=None)
    except (TokenError, KeyError, ObjectDoesNotExist, ValidationError, ValueError) as error:
        raise InvalidToken from error
    account = session.account
    if not account.is_active or claims.get("role") != role_of(session):
        raise InvalidToken
    return account, Principal(role_of(session), account.pk, session.platform, str(session.pk))


def is_alive(principal: Principal | None) -> bool:
    """Whether the session behind the principal goes on, with the role it had."""
    if principal is None:
        return False
    session = _sessions().filter(pk=principal.session_id, revoked_at=None).first()
    return bool(session and session.account.is_active and role_of(session) == principal.role)


def end_all(user: User) -> None:
    """End every session of a person, wherever it is."""
    for session in user.sessions.filter(revoked_at=None):
        end(session)


def rotate(raw: str) -> TokenPair:
    """Trade a refresh token for its successor.

    The token before the current one gets the same successor for 30 seconds more, because an
    answer may be lost on the way to a phone; any other use of an old token ends the session.
    """
    claims = _refresh_claims(raw)
    with transaction.atomic():
        session = _locked(claims)
        pair = _rotated(session, claims["counter"])
    if pair is None:
        raise InvalidToken
    return pair


def revoke(raw: str) -> None:
    """End the session of a refresh token: all its tokens stop working, its sockets close."""
    claims = _refresh_claims(raw)
    with transaction.atomic():
        end(_locked(claims))


@transaction.atomic
def end(session: AuthSession) -> None:
    """End a session, whichever token of it is still about."""
    session.revoked_at = timezone.now()
    session.save(update_fields=["revoked_at"])
    events.session_ended(session)


def role_of(session: AuthSession) -> Role:
    """The role a session gives. An administrator on a phone is an ordinary user."""
    if session.shop_id:
        return Role.SHOP
    on_web = session.platform == AuthSession.Platform.WEB
    is_admin = session.user is not None and session.user.role == User.Role.ADMIN
    return Role.ADMIN if is_admin and on_web else Role.USER


def _signed(token: Token, session: AuthSession) -> Any:
    kind = "shop" if session.shop_id else "user"
    token[f"{kind}_id"] = session.account.pk
    token["account_type"] = kind
    token["role"] = role_of(session).value
    token["platform"] = session.platform
    token["sid"] = str(session.pk)
    return token


def _sessions() -> Any:
    return AuthSession.objects.select_related("user", "shop")


def _refresh_claims(raw: str) -> RefreshToken:
    try:
        claims = RefreshToken(raw)  # type: ignore[arg-type]
        claims["sid"], claims["counter"]
    except (TokenError, KeyError) as error:
        raise InvalidToken from error
    return claims


def _locked(claims: RefreshToken) -> AuthSession:
    alive = _sessions().select_for_update(of=("self",)).filter(revoked_at=None)
    oldest = timezone.now() - timedelta(days=settings.SESSION_MAX_DAYS)
    session: AuthSession | None = alive.filter(pk=claims["sid"], created_at__gt=oldest).first()
    if session is None or not session.account.is_active:
        raise InvalidToken
    return session


def _rotated(session: AuthSession, counter: int) -> TokenPair | None:
    grace = session.rotated_at + timedelta(seconds=settings.REFRESH_GRACE_SECONDS)
    if counter == session.counter:
        session.counter += 1
        session.rotated_at = timezone.now()
        session.save(update_fields=["counter", "rotated_at"])
    elif counter != session.counter - 1 or timezone.now() > grace:
        end(session)
        return None
    return issue(session)
