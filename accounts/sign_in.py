"""Signing in: from a person a provider vouches for to an account and a session."""

from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import tokens
from accounts.models import AuthSession, User
from accounts.providers.provider import Identity
from accounts.registration import own_shop_of, shop_of, user_of
from core.errors import Refusal
from shops.models import Shop, same_person

AccountType = Literal["user", "shop"]


class AccountBlocked(Refusal):
    code = "account_blocked"
    status = 403


@dataclass(frozen=True, slots=True)
class Device:
    """Where a session lives, as far as the request told."""

    platform: str
    ip: str | None = None
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    account: User | Shop
    tokens: tokens.TokenPair


@transaction.atomic
def sign_in(identity: Identity, account_type: AccountType, device: Device) -> SignedIn:
    """Open a session for the account of this person, made on the first sign-in.

    A known e-mail of somebody else is refused with EmailInUse, a blocked account with
    AccountBlocked.
    """
    account = shop_of(identity) if account_type == "shop" else user_of(identity)
    return _let_in(account, device)


@transaction.atomic
def enter_own_shop(user: User, device: Device) -> SignedIn:
    """Open a session for the shop of this person, made on first use."""
    return _let_in(own_shop_of(user), device)


def _let_in(account: User | Shop, device: Device) -> SignedIn:
    if not account.is_active or User.objects.filter(same_person(account), is_active=False).exists():
        raise AccountBlocked(_("This account is blocked. Write to us if that is a mistake."))
    return SignedIn(account, tokens.issue(_new_session(account, device)))


def _new_session(account: User | Shop, device: Device) -> AuthSession:
    return AuthSession.objects.create(
        user=account if isinstance(account, User) else None,
        shop=account if isinstance(account, Shop) else None,
        platform=device.platform,
        ip=device.ip,
        user_agent=device.user_agent[:300],
    )
