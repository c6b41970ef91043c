"""Secrets at rest: what a stolen copy of the database must not give away."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def encrypt(text: str) -> str:
    """Encrypted with a key made from SECRET_KEY."""
    return _fernet().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """What `encrypt` was given, under this or an earlier SECRET_KEY; else InvalidToken."""
    return _fernet().decrypt(text.encode()).decode()


def _fernet() -> MultiFernet:
    return MultiFernet([_key(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    derived = hashlib.blake2b(secret.encode(), digest_size=32, person=b"leema-at-rest").digest()
    return Fernet(base64.urlsafe_b64encode(derived))
