"""The keys that sign tokens: one signs, the earlier ones verify until their tokens have expired."""

import logging
import math
import secrets
import time
from datetime import datetime, timedelta
from typing import NamedTuple

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from rest_framework_simplejwt.settings import api_settings

from accounts.models import AuthSession, SigningKey
from core import audit
from core.encryption import decrypt, encrypt

KNOWN_EVERYWHERE_AFTER = timedelta(seconds=10)  # twice what processes remember their keys for
UNKNOWN_REREAD_SECONDS = 1
SPARE = timedelta(minutes=1)
logger = logging.getLogger(__name__)


class Key(NamedTuple):
    kid: str
    secret: str


class _Ring(NamedTuple):
    """The keys as the database had them at `read_at`."""

    secrets: dict[str, str]
    signer: Key | None
    read_at: float


class KeyRing:
    """What this process knows of the keys; those of other processes are known within seconds."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self._ring = _Ring({}, None, -math.inf)

    def signer(self) -> Key:
        """The key that signs now. The first one ever is made here."""
        signer = self._read(settings.SIGNING_KEYS_CACHED_SECONDS).signer
        if signer is None:
            signer = _first()
            self.forget()
        return signer

    def find(self, kid: str) -> str | None:
        """The secret of the key of this name, which may be anything a client sent."""
        ring = self._read(settings.SIGNING_KEYS_CACHED_SECONDS)
        if kid not in ring.secrets:
            ring = self._read(UNKNOWN_REREAD_SECONDS)
        return ring.secrets.get(kid)

    def _read(self, max_age: float) -> _Ring:
        now = time.monotonic()
        if now - self._ring.read_at >= max_age:
            self._ring = _ring(now)
        return self._ring


key_ring = KeyRing()


@transaction.atomic
def rotate() -> SigningKey:
    """Retire every key and make a new one, which signs as soon as every process knows it."""
    _lock()
    retired = SigningKey.objects.filter(retired_at=None)
    before = list(retired.values_list("kid", flat=True))
    retired.update(retired_at=timezone.now())
    key = _make()
    audit.record("signing_keys.rotate", key, before={"signing": before}, after={"signing": key.kid})
    transaction.on_commit(key_ring.forget)
    return key


@transaction.atomic
def revoke_others(key: SigningKey) -> int:
    """Delete every other key and end every session, for a leak; returns how many sessions.

    Processes remember a deleted key for seconds; without its session no token works even then.
    """
    SigningKey.objects.exclude(pk=key.pk).delete()
    ended = AuthSession.objects.filter(revoked_at=None).update(revoked_at=timezone.now())
    audit.record("signing_keys.revoke_others", key, after={"sessions_ended": ended})
    transaction.on_commit(key_ring.forget)
    return ended


def verifies_until(key: SigningKey) -> datetime | None:
    """When the last refresh token that a retired key has signed expires."""
    return key.retired_at and key.retired_at + api_settings.REFRESH_TOKEN_LIFETIME + SPARE


def clear_expired() -> int:
    """Delete the keys that verify nothing any more; returns how many."""
    return SigningKey.objects.exclude(_verifying()).delete()[0]


def _verifying() -> Q:
    oldest = timezone.now() - api_settings.REFRESH_TOKEN_LIFETIME - SPARE
    return Q(retired_at=None) | Q(retired_at__gt=oldest)


def _ring(read_at: float) -> _Ring:
    rows = _readable(SigningKey.objects.filter(_verifying()).order_by("-created_at"))
    known_everywhere = timezone.now() - KNOWN_EVERYWHERE_AFTER
    keys = [key for key, _made_at in rows]
    # The newest that every process knows; or, where all are new, the one known for longest.
    signers = [key for key, made_at in rows if made_at < known_everywhere] or keys[-1:]
    return _Ring(dict(keys), next(iter(signers), None), read_at)


def _readable(rows: QuerySet[SigningKey]) -> list[tuple[Key, datetime]]:
    """All but those encrypted under a SECRET_KEY that is neither in use nor a fallback."""
    readable = []
    for row in rows:
        try:
            readable.append((Key(row.kid, decrypt(row.secret)), row.created_at))
        except InvalidToken:
            logger.warning("The signing key %s belongs to another SECRET_KEY.", row.kid)
    return readable


@transaction.atomic
def _first() -> Key:
    _lock()
    if by_another_process := _ring(0).signer:
        return by_another_process
    key = _make()
    return Key(key.kid, decrypt(key.secret))


def _make() -> SigningKey:
    secret = encrypt(secrets.token_urlsafe(48))
    return SigningKey.objects.create(kid=secrets.token_hex(8), secret=secret)


def _lock() -> None:
    """Let one transaction at a time change the keys; reading them goes on."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {SigningKey._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
