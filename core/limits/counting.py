"""Counting what a caller asks for, with the moving windows of the library `limits`."""

import math
import time
from dataclasses import dataclass

from django.conf import settings
from limits import RateLimitItem
from limits.storage import RedisStorage
from redis.client import Pipeline

from core.limits import valkey
from core.limits.scopes import Scope

ACQUIRE = RedisStorage.SCRIPT_ACQUIRE_MOVING_WINDOW.decode()
LOOK = RedisStorage.SCRIPT_MOVING_WINDOW.decode()


@dataclass(frozen=True, slots=True)
class Window:
    """One limit of a scope, as it stands after a request."""

    policy: str
    is_granted: bool
    left: int
    more_in_seconds: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may go on, and what is left of every limit that was asked."""

    policies: str
    windows: list[Window]

    @property
    def is_granted(self) -> bool:
        return all(window.is_granted for window in self.windows)

    @property
    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers-11 writes them."""
        left = [f'"{it.policy}";r={it.left};t={it.more_in_seconds}' for it in self.windows]
        headers = {"RateLimit-Policy": self.policies, "RateLimit": ", ".join(left)}
        if not self.is_granted:
            headers["Retry-After"] = str(self.windows[-1].more_in_seconds)
        return headers


def spend(scope: Scope, who: str) -> Verdict | None:
    """Count one request of `who`; None where nothing is limited. Raises valkey.Unavailable.

    What is refused is not counted. A longer window is asked only when the shorter ones granted.
    """
    limits: list[RateLimitItem] = settings.LIMITS[scope.name]
    windows: list[Window] = []
    for limit in limits:
        windows.append(_ask(limit, scope, who))
        if not windows[-1].is_granted:
            break
    policies = (f'"{_policy(scope, it)}";q={it.amount};w={it.get_expiry()}' for it in limits)
    return Verdict(", ".join(policies), windows) if windows else None


def _ask(limit: RateLimitItem, scope: Scope, who: str) -> Window:
    """Acquire and look in one round trip; hit() and get_window_stats() of `limits` take two."""
    key = f"{settings.LIMITS_KEY_PREFIX}:{limit.key_for(scope.name, who)}"
    # Lua writes four digits after the point: what it gives back is then what it was given.
    seconds, now = limit.get_expiry(), round(time.time(), 3)

    def queue(pipe: Pipeline) -> None:
        pipe.eval(ACQUIRE, 1, key, now, limit.amount, seconds, 1)
        pipe.eval(LOOK, 1, key, now - seconds, limit.amount)

    acquired, entries = valkey.shared().run(queue)
    oldest, used = entries or (now, limit.amount)
    return Window(
        policy=_policy(scope, limit),
        is_granted=bool(acquired),
        left=limit.amount - used,
        more_in_seconds=max(1, math.ceil(float(oldest) + seconds - now)),
    )


def _policy(scope: Scope, limit: RateLimitItem) -> str:
    multiples = f"{limit.multiples}-" if limit.multiples > 1 else ""
    return f"{scope.name}-{multiples}{limit.GRANULARITY.name}"
