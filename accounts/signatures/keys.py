"""Registering and removing the keys with which an account signs its requests."""

import base64
import secrets
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import RequestKey, User
from core import audit
from core.encryption import encrypt
from core.errors import Refusal
from shops.models import Shop

MAX_LIVE_KEYS = 10
SECRET_BYTES = 32


class TooManyKeys(Refusal):
    code = "too_many_keys"


class KeyKnown(Refusal):
    code = "key_known"


class NoSuchKey(Refusal):
    code = "not_found"
    status = 404


def register_device(owner: User | Shop, name: str, public_key: bytes) -> RequestKey:
    """Trust what the device signs that holds the other half of the Ed25519 key.

    A key is registered once, whoever has it and even if it was removed; otherwise KeyKnown.
    """
    encoded = base64.b64encode(public_key).decode()
    return _register(owner, name=name, algorithm=RequestKey.Algorithm.ED25519, public_key=encoded)


def register_partner(owner: User | Shop, name: str) -> tuple[RequestKey, str]:
    """Make a secret that a partner shares with us, in base64; it cannot be read again."""
    secret = base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    algorithm = RequestKey.Algorithm.HMAC_SHA256
    key = _register(owner, name=name, algorithm=algorithm, encrypted_secret=encrypt(secret))
    return key, secret


@transaction.atomic
def remove(key: RequestKey) -> None:
    """Trust the key no longer, from now on."""
    if not RequestKey.objects.live().filter(pk=key.pk).update(revoked_at=timezone.now()):
        raise NoSuchKey(_("There is nothing at this address."))
    audit.record("key.remove", key, before=_facts(key))


@transaction.atomic
def _register(owner: User | Shop, **about: Any) -> RequestKey:
    # One registration of an owner at a time, so that the number of keys is what it seems.
    type(owner)._default_manager.select_for_update(no_key=True).get(pk=owner.pk)
    if owner.request_keys.live().count() >= MAX_LIVE_KEYS:
        message = _("There are %(number)d keys already. Remove one first.")
        raise TooManyKeys(message % {"number": MAX_LIVE_KEYS})
    try:
        with transaction.atomic():
            key: RequestKey = owner.request_keys.create(**about)
    except IntegrityError as error:
        raise KeyKnown(_("This key is known already. Make a new one.")) from error
    audit.record("key.register", key, after=_facts(key))
    return key


def _facts(key: RequestKey) -> dict[str, str]:
    return {"key_id": key.key_id, "algorithm": key.algorithm}
