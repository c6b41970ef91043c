"""Signing in: from a person Google vouches for to an account and a session."""

from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import tokens
from accounts.google import Identity
from accounts.models import AuthSession, User
from core.errors import Refusal
from shops import approval
from shops.models import Shop

AccountType = Literal["user", "shop"]
MAX_ADDRESS = 500


class EmailInUse(Refusal):
    code = "email_in_use"


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

    The identity is Google's `sub`, never the e-mail: another `sub` with a known e-mail is refused
    with EmailInUse, and a blocked account with AccountBlocked.
    """
    account = shop_of(identity) if account_type == "shop" else user_of(identity)
    if not account.is_active:
        raise AccountBlocked(_("This account is blocked. Write to us if that is a mistake."))
    return SignedIn(account, tokens.issue(_new_session(account, device)))


def user_of(identity: Identity) -> User:
    """The user of this person; a new one starts with the free generations and try-ons."""
    try:
        with transaction.atomic():
            user, _is_new = User.objects.get_or_create(
                google_id=identity.sub,
                defaults={
                    "email": identity.email,
                    "name": (identity.name or identity.email)[:255],
                    "avatar": identity.picture if len(identity.picture) <= MAX_ADDRESS else "",
                    "free_generations_left": settings.FREE_GENERATIONS,
                    "free_try_ons_left": settings.FREE_TRY_ONS,
                },
            )
    except IntegrityError as error:
        raise _email_in_use() from error
    return user


def shop_of(identity: Identity) -> Shop:
    """The shop of this person; a new one waits for approval."""
    own = Shop.objects.filter(google_id=identity.sub)
    name = (identity.name or identity.email)[:120]
    try:
        return own.first() or approval.open_shop(
            google_id=identity.sub, email=identity.email, shop_name=name, owner_name=name
        )
    except IntegrityError as error:
        # Two first sign-ins at once: the other one has opened the shop.
        if shop := own.first():
            return shop
        raise _email_in_use() from error


def _new_session(account: User | Shop, device: Device) -> AuthSession:
    return AuthSession.objects.create(
        user=account if isinstance(account, User) else None,
        shop=account if isinstance(account, Shop) else None,
        platform=device.platform,
        ip=device.ip,
        user_agent=device.user_agent[:300],
    )


def _email_in_use() -> EmailInUse:
    return EmailInUse(_("This e-mail address belongs to another Google account."))
