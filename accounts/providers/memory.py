"""What a sign-in remembers for minutes, in the cache. While the cache is down, nobody gets in."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from core.errors import Refusal


class SignInUnavailable(Refusal):
    """Whether this was used before cannot be known now."""

    code: ClassVar[str] = "sign_in_unavailable"
    status: ClassVar[int] = 503
    wait: ClassVar[int] = 10  # seconds


@contextmanager
def _or_unavailable() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        message = _("Signing in does not work at the moment. Please try again soon.")
        raise SignInUnavailable(message) from error


@_or_unavailable()
def is_first_use(kind: str, secret: str, seconds: int) -> bool:
    """Whether nobody has brought this secret before; of many at once, one is the first."""
    return cache.add(_key(kind, secret), value=True, timeout=seconds)


@_or_unavailable()
def keep(kind: str, secret: str, value: Any, seconds: int) -> None:
    cache.set(_key(kind, secret), value, seconds)


@_or_unavailable()
def look_up(kind: str, secret: str) -> Any:
    """What was kept under the secret, or None."""
    return cache.get(_key(kind, secret))


@_or_unavailable()
def take(kind: str, secret: str) -> Any:
    """What was kept under the secret; of many at once, one gets it and the others None."""
    key = _key(kind, secret)
    value = cache.get(key)
    return value if value is not None and cache.delete(key) else None


def _key(kind: str, secret: str) -> str:
    return f"sign-in:{kind}:{hashlib.sha256(secret.encode()).hexdigest()}"
