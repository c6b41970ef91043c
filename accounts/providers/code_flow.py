"""The sign-in that starts here, visits a provider and returns with a code.

What we must know when it returns is kept for 10 minutes under a random `state` and used once: the
PKCE secret, the nonce, what the sign-in is for, and which browser began it.
"""

import hashlib
from dataclasses import asdict, dataclass, replace
from secrets import compare_digest, token_urlsafe
from typing import ClassVar, Literal

from django.utils.translation import gettext as _

from accounts.providers import id_tokens, memory, oauth
from accounts.providers.provider import Identity, Provider
from core.errors import Refusal

SECONDS = 600


class BegunElsewhere(Refusal):
    """Another browser began this sign-in: somebody may be signing a stranger in as themselves."""

    code: ClassVar[str] = "sign_in_begun_elsewhere"
    status: ClassVar[int] = 401

    def __init__(self) -> None:
        super().__init__(_("This sign-in was begun in another browser. Please begin again."))


@dataclass(frozen=True, slots=True)
class Journey:
    """A sign-in on its way to the provider and back."""

    account_type: Literal["user", "shop"]
    platform: Literal["web", "mobile"]
    code_verifier: str
    nonce: str
    browser: str
    """The digest of the cookie of the browser that began it."""


def start(
    provider: Provider,
    *,
    account_type: Literal["user", "shop"],
    platform: Literal["web", "mobile"],
    browser: str,
) -> str:
    """The address at the provider to send the browser to; its cookie holds the secret `browser`."""
    if not provider.client_id:
        raise provider.outage()
    state, nonce, verifier = token_urlsafe(32), token_urlsafe(32), oauth.new_code_verifier()
    journey = Journey(account_type, platform, verifier, nonce, _digest(browser))
    memory.keep(f"{provider.name}-state", state, asdict(journey), SECONDS)
    return oauth.authorization_url(provider, state=state, nonce=nonce, code_verifier=verifier)


def came_back(provider: Provider, code: str, state: str, name: str = "") -> Journey | None:
    """Which journey a state belongs to, if it is one of ours and not over.

    Remembers the state for older clients that post the code alone, and what Apple's form said of
    the person's name.
    """
    kept = memory.look_up(f"{provider.name}-state", state)
    if kept is None:
        return None
    memory.keep(f"{provider.name}-code", code, state, SECONDS)
    if name:
        memory.keep(f"{provider.name}-name", state, name, SECONDS)
    return Journey(**kept)


def finish(provider: Provider, code: str, state: str = "", *, browser: str | None) -> Identity:
    """Whom the code speaks for; a state that is unknown, old or used is refused.

    `browser` is the secret in the cookie of whoever brings the code, "" if a browser brings none,
    and None for a program, which nobody can lure.
    """
    state = state or memory.look_up(f"{provider.name}-code", code) or ""
    kept = memory.take(f"{provider.name}-state", state)
    if kept is None:
        raise provider.refusal()
    journey = Journey(**kept)
    if browser is not None and not compare_digest(_digest(browser), journey.browser):
        raise BegunElsewhere
    raw = oauth.exchange_code(provider, code, code_verifier=journey.code_verifier)
    identity = id_tokens.verify(provider, raw, platform="web", nonce=journey.nonce)
    told = memory.take(f"{provider.name}-name", state)
    return replace(identity, name=told) if told else identity


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
