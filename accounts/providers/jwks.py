"""The keys a sign-in provider publishes, kept so that its outages do not become ours."""

import re
import time
from collections.abc import Callable
from threading import Lock

import httpx
from jwt import PyJWK, PyJWKSet, PyJWTError

TIMEOUT = httpx.Timeout(10, connect=5)
REFETCH_SECONDS = 60
RETRY_SECONDS = 5
STALE_SECONDS = 24 * 60 * 60
FRESH_SECONDS = range(REFETCH_SECONDS, STALE_SECONDS)


class UnknownKey(LookupError):
    """The provider does not publish a key of this name."""


class KeysUnavailable(Exception):
    """The provider does not answer, and what is remembered is too old to trust."""


class PublishedKeys:
    """The RSA signing keys at one address, by key id.

    They stay fresh as long as the provider's Cache-Control says, and are used for a day longer
    when it does not answer. An unknown id asks the provider again at most once a minute.
    """

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._clock = clock
        self._lock = Lock()
        self._keys: dict[str, PyJWK] = {}
        self._fresh_until = self._usable_until = self._ask_again_at = clock()

    def find(self, key_id: str) -> PyJWK:
        if not self._is_settled(key_id):
            # Whoever waits here for another thread's answer then uses that answer.
            with self._lock:
                self._refresh(key_id)
        if self._clock() >= self._usable_until:
            raise KeysUnavailable(self._url)
        if key_id not in self._keys:
            raise UnknownKey(key_id)
        return self._keys[key_id]

    def _is_settled(self, key_id: str) -> bool:
        return key_id in self._keys and self._clock() < self._fresh_until

    def _refresh(self, key_id: str) -> None:
        now = self._clock()
        if self._is_settled(key_id) or now < self._ask_again_at:
            return
        try:
            self._keys, fresh_seconds = _fetch(self._url)
        except (httpx.HTTPError, PyJWTError, ValueError):
            usable = now < self._usable_until
            self._ask_again_at = now + (REFETCH_SECONDS if usable else RETRY_SECONDS)
        else:
            self._fresh_until = now + fresh_seconds
            self._usable_until = self._fresh_until + STALE_SECONDS
            self._ask_again_at = now + REFETCH_SECONDS


def _fetch(url: str) -> tuple[dict[str, PyJWK], int]:
    response = httpx.get(url, timeout=TIMEOUT).raise_for_status()
    published = response.json()
    if not isinstance(published, dict):
        raise ValueError("A key set is a JSON object.")  # noqa: TRY004 - as broken JSON would be
    keys = {
        key.key_id: key
        for key in PyJWKSet.from_dict(published).keys
        if key.key_id and key.key_type == "RSA" and key.public_key_use in {"sig", None}
    }
    return keys, _fresh_seconds(response.headers.get("Cache-Control", ""))


def _fresh_seconds(cache_control: str) -> int:
    found = re.search(r"max-age=(\d{1,9})", cache_control)
    age = int(found[1]) if found else 0
    return min(max(age, FRESH_SECONDS.start), FRESH_SECONDS.stop)
