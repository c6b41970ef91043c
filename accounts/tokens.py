"""Tokens: a session gives a short access token and a refresh token that is rotated.

simplejwt signs and parses. Claims: `user_id` or `shop_id`, `role`, `platform`, `account_type`,
`sid` (the session), `type`, `iss`, `aud`, `iat`, `exp`, `jti`; a refresh token also `counter`.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import Token

from accounts.models import AuthSession, User
from accounts.sessions import end, role_of, see
from accounts.signed_tokens import AccessToken, RefreshToken
from core import audit
from core.errors import Refusal
from core.principal import Principal
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
    claims = _claims(AccessToken, raw)
    session = _alive().filter(pk=claims["sid"]).first()
    if session is None or claims["role"] != (role := role_of(session)):
        raise InvalidToken
    see(session)
    account, sid = session.account, str(session.pk)
    return account, Principal(role, account.pk, session.platform, sid, session.mfa_at)


def rotate(raw: str, *, ip: str | None = None, user_agent: str = "") -> TokenPair:
    """Trade a refresh token for its successor, and note from where that was asked.

    The token before the current one gets the same successor for 30 seconds more, because an
    answer may be lost on the way to a phone; any other use of an old token ends the session.
    """
    claims = _claims(RefreshToken, raw)
    with transaction.atomic():
        session = _locked(claims)
        if _is_reused(session, claims["counter"]):
            audit.record("token_reuse", session)
            end(session)
        else:
            _advance(session, claims["counter"], ip=ip, user_agent=user_agent)
    if session.revoked_at:
        raise InvalidToken
    return issue(session)


@transaction.atomic
def with_second_factor(session_id: str) -> TokenPair:
    """A session that has just shown a second factor, in place of the one named, which ends.

    So no token that was about before gains anything.
    """
    session = _alive().select_for_update(of=("self",)).filter(pk=session_id).first()
    if session is None:
        raise InvalidToken
    end(session)
    raised = AuthSession.objects.create(
        user=session.user,
        shop=session.shop,
        platform=session.platform,
        ip=session.ip,
        user_agent=session.user_agent,
        mfa_at=timezone.now(),
    )
    # Showing it again and again makes nobody's session younger.
    AuthSession.objects.filter(pk=raised.pk).update(created_at=session.created_at)
    return issue(raised)


def revoke(raw: str) -> None:
    """End the session of a refresh token: all its tokens stop working, its sockets close."""
    claims = _claims(RefreshToken, raw)
    with transaction.atomic():
        end(_locked(claims))


def _signed(token: Token, session: AuthSession) -> Any:
    kind = "shop" if session.shop_id else "user"
    token[f"{kind}_id"] = session.account.pk
    token["account_type"] = kind
    token["role"] = role_of(session).value
    token["platform"] = session.platform
    token["sid"] = str(session.pk)
    return token


def _claims(kind: type[Token], raw: str) -> Token:
    try:
        claims = kind(raw)  # type: ignore[arg-type]  # simplejwt means the text
        UUID(str(claims["sid"])), claims["role"]
    except (TokenError, KeyError, ValueError) as error:  # a lone surrogate is a ValueError
        raise InvalidToken from error
    return claims


def _alive() -> Any:
    return AuthSession.objects.alive().select_related("user", "shop")


def _locked(claims: Token) -> AuthSession:
    alive = _alive().select_for_update(of=("self",))
    session: AuthSession | None = alive.filter(pk=claims["sid"]).first()
    if session is None or claims["role"] != role_of(session):
        raise InvalidToken
    return session


def _is_reused(session: AuthSession, counter: int) -> bool:
    grace = session.rotated_at + timedelta(seconds=settings.REFRESH_GRACE_SECONDS)
    answer_was_lost = counter == session.counter - 1 and timezone.now() <= grace
    return counter != session.counter and not answer_was_lost


def _advance(session: AuthSession, counter: int, *, ip: str | None, user_agent: str) -> None:
    session.last_seen_at = timezone.now()
    session.ip, session.user_agent = ip, user_agent[:300]
    if counter == session.counter:
        session.counter += 1
        session.rotated_at = session.last_seen_at
    session.save(update_fields=["counter", "rotated_at", "last_seen_at", "ip", "user_agent"])
