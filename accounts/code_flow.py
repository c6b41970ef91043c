"""The web sign-in that starts here, visits Google and returns with a code.

What we must remember in between (the PKCE secret) is kept for 10 minutes under a random `state`
and used once.
"""

import hashlib
from secrets import token_urlsafe

from django.conf import settings
from django.core.cache import cache

from accounts import google

STATE_SECONDS = 600
LONGEST = 2048  # letters of a code or state


def start() -> str:
    """The address at Google to send the browser to."""
    state, verifier = token_urlsafe(32), google.new_code_verifier()
    cache.set(_state_key(state), verifier, STATE_SECONDS)
    return google.authorization_url(
        state=state,
        redirect_uri=settings.GOOGLE_REDIRECT_URI,
        code_challenge=google.code_challenge(verifier),
    )


def came_back(code: str, state: str) -> None:
    """Remember which state a code belongs to, for older clients that post the code alone."""
    if max(len(code), len(state)) <= LONGEST:
        cache.set(_code_key(code), state, STATE_SECONDS)


def finish(code: str, state: str = "") -> str:
    """Trade the code for a raw id_token; a state that is unknown, old or used is refused."""
    state = state or cache.get(_code_key(code), "")
    verifier = cache.get(_state_key(state))
    if not verifier or not cache.delete(_state_key(state)):
        raise google.invalid_credentials()
    return google.exchange_code(
        code, redirect_uri=settings.GOOGLE_REDIRECT_URI, code_verifier=verifier
    )


def _state_key(state: str) -> str:
    return f"google-state:{hashlib.sha256(state.encode()).hexdigest()}"


def _code_key(code: str) -> str:
    return f"google-code:{hashlib.sha256(code.encode()).hexdigest()}"
