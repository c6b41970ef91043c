"""What the demo Google has promised: codes not yet exchanged, and tokens not yet expired."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from oauthlib.oauth2.rfc6749.grant_types.authorization_code import code_challenge_method_s256

from accounts.demo_accounts import DemoAccount
from accounts.demo_google.authorization import Authorization

PromiseT = TypeVar("PromiseT")


@dataclass(frozen=True, slots=True)
class Grant:
    """A person's consent to one application's request."""

    asked: Authorization
    account: DemoAccount

    def belongs_to(self, *, client_id: str, redirect_uri: str, code_verifier: str) -> bool:
        """Whether the one who brings the code is the one who asked for it."""
        asked = self.asked
        if (client_id, redirect_uri) != (asked.client_id, asked.redirect_uri):
            return False
        if not asked.code_challenge or not code_verifier:
            return asked.code_challenge == code_verifier
        return bool(code_challenge_method_s256(code_verifier, asked.code_challenge))


class Promises(Generic[PromiseT]):
    """Things kept for a while under secrets nobody can guess."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._kept: dict[str, tuple[float, PromiseT]] = {}

    def give(self, promise: PromiseT) -> str:
        secret = secrets.token_urlsafe(32)
        self._kept[secret] = (self._clock() + self._seconds, promise)
        return secret

    def look_up(self, secret: str) -> PromiseT | None:
        expires_at, promise = self._kept.get(secret, (0, None))
        return promise if self._clock() < expires_at else None

    def take(self, secret: str) -> PromiseT | None:
        """Return what was promised, and forget it: the next one to come gets nothing."""
        expires_at, promise = self._kept.pop(secret, (0, None))
        return promise if self._clock() < expires_at else None
