"""From a person a provider vouches for to their account, made on the first sign-in.

The identity is the provider's `sub`, never the e-mail: another `sub` with a known address is
refused with EmailInUse.
"""

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.providers.provider import Identity
from core.errors import Refusal
from core.platform_settings import registry
from shops import approval
from shops.models import Shop

AccountT = TypeVar("AccountT", User, Shop)


class EmailInUse(Refusal):
    """Somebody else's account has this e-mail address; accounts are never joined by it."""

    code = "email_in_use"

    def __init__(self) -> None:
        super().__init__(
            _("This e-mail address belongs to another account. Sign in the way you did before.")
        )


class EmailMissing(Refusal):
    """Apple tells the address on the first sign-in only, and it was not the first for Apple."""

    code = "email_missing"
    status = 422


def user_of(identity: Identity) -> User:
    """The user of this person; a new one starts with the free generations and try-ons."""
    own = User.objects.filter(**_id_of(identity))
    return _found_or_made(own, identity.email, lambda: _new_user(identity))


def shop_of(identity: Identity) -> Shop:
    """The shop of this person; a new one waits for approval."""
    own = Shop.objects.filter(**_id_of(identity))
    return _found_or_made(own, identity.email, lambda: _new_shop(identity))


def own_shop_of(user: User) -> Shop:
    """The shop of a person who has signed in as a user; a new one waits for approval."""
    own = Shop.objects.owned_by(user)
    return _found_or_made(own, user.email, lambda: _new_shop_of(user))


def _found_or_made(own: QuerySet[AccountT], email: str, make: Callable[[], AccountT]) -> AccountT:
    if account := own.first():
        return account
    try:
        with transaction.atomic():
            _one_at_a_time(email)
            return own.first() or make()
    except IntegrityError as error:
        # Two first sign-ins at once with different addresses: the other one has made the account.
        if account := own.first():
            return account
        raise EmailInUse from error


def _one_at_a_time(email: str) -> None:
    """Let whoever else signs up with this address wait until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [email.lower()])


def _new_user(identity: Identity) -> User:
    _refuse_anothers_email(identity)
    return User.objects.create(
        **_id_of(identity),
        email=identity.email,
        name=_name_of(identity.name, identity.email)[:255],
        avatar=identity.picture,
        free_generations_left=registry.USER_FREE_GENERATIONS.value(),
        free_try_ons_left=registry.USER_FREE_TRY_ONS.value(),
    )


def _new_shop(identity: Identity) -> Shop:
    _refuse_anothers_email(identity)
    name = _name_of(identity.name, identity.email)[:120]
    return approval.open_shop(
        **_id_of(identity), email=identity.email, shop_name=name, owner_name=name
    )


def _new_shop_of(user: User) -> Shop:
    name = _name_of(user.name, user.email)[:120]
    return approval.open_shop(
        google_id=user.google_id,
        apple_id=user.apple_id,
        email=user.email,
        shop_name=name,
        owner_name=name,
    )


def _id_of(identity: Identity) -> dict[str, str]:
    return {f"{identity.provider}_id": identity.sub}


def _name_of(name: str, email: str) -> str:
    """A name to begin with; never the whole address, because others see it."""
    return name or email.partition("@")[0]


def _refuse_anothers_email(identity: Identity) -> None:
    """A user and a shop may share an address if they are the same person's."""
    if not identity.email:
        raise EmailMissing(
            _(
                "Apple did not tell your e-mail address. Remove this app in the settings of your"
                " Apple Account and sign in again."
            )
        )
    for model in (User, Shop):
        same_address = model._default_manager.filter(Exact(Lower("email"), identity.email))
        if same_address.exclude(**_id_of(identity)).exists():
            raise EmailInUse
