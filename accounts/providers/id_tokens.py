"""Id_tokens: what a provider signed about a person, for us, a moment ago. Each works once."""

import functools
import hashlib
import time
from typing import Any

import jwt

from accounts.providers import memory
from accounts.providers.jwks import KeysUnavailable, PublishedKeys, UnknownKey
from accounts.providers.provider import Claims, Identity, Provider

ALGORITHM = "RS256"
LEEWAY_SECONDS = 30
MAX_AGE_SECONDS = 3700  # Google's tokens live for an hour, Apple's for up to a day
MAX_SUB, MAX_EMAIL, MAX_PICTURE = 64, 254, 500  # letters


def verify(provider: Provider, raw: str, *, platform: str, nonce: str | None = None) -> Identity:
    """Return whom a fresh id_token, issued to a client of this platform, speaks for.

    Raises the provider's refusal, its outage, or SignInUnavailable; a refused token is not used up.
    """
    clients = provider.clients[platform]
    if not clients:
        raise provider.outage()
    claims = _signed_claims(provider, raw, clients)
    if not _is_meant_for_us(provider, claims, clients, nonce):
        raise provider.refusal()
    if not _is_first_use(provider, raw, claims):
        raise provider.refusal()
    return Identity(
        provider=provider.name,
        sub=claims["sub"],
        email=text(claims, "email").lower(),
        name=one_line(text(claims, "name")),
        picture=_picture(claims),
    )


def text(claims: Claims, name: str) -> str:
    """What the claims say there, if it is text."""
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def one_line(said: str) -> str:
    """The same without line breaks, control characters and marks that turn the writing around."""
    return "".join(letter for letter in said if letter.isprintable()).strip()


@functools.cache
def published_keys(url: str) -> PublishedKeys:
    """The keys at this address, as this process remembers them."""
    return PublishedKeys(url)


def _signed_claims(provider: Provider, raw: str, clients: Any) -> dict[str, Any]:
    try:
        return jwt.decode(
            raw,
            published_keys(provider.keys_url).find(_key_id(raw)),
            algorithms=[ALGORITHM],
            audience=clients,
            issuer=provider.issuers,
            leeway=LEEWAY_SECONDS,
            options={"require": ["iss", "aud", "sub", "iat", "exp"]},
        )
    except KeysUnavailable as error:
        raise provider.outage() from error
    except (jwt.PyJWTError, UnknownKey, ValueError, OverflowError, RecursionError) as error:
        raise provider.refusal() from error


def _key_id(raw: str) -> str:
    """Which key the token names; one that a provider never signs does not make us ask it."""
    header = jwt.get_unverified_header(raw)
    if header.get("alg") != ALGORITHM or not header.get("kid"):
        raise jwt.InvalidTokenError
    return str(header["kid"])


def _is_meant_for_us(provider: Provider, claims: Claims, clients: Any, nonce: str | None) -> bool:
    """What PyJWT does not ask; it has already checked signature, times, issuer and audience."""
    rules = (
        isinstance(claims["aud"], str),
        claims.get("azp", claims["aud"]) in clients,
        _is_storable(claims["sub"], MAX_SUB) and claims["sub"] != "",
        _is_storable(text(claims, "email"), MAX_EMAIL),
        provider.vouches_for_email(claims),
        time.time() - int(claims["iat"]) <= MAX_AGE_SECONDS,
        nonce is None or claims.get("nonce") in (nonce, _digest(nonce)),
    )
    return all(rules)


def _is_storable(said: str, letters: int) -> bool:
    return len(said) <= letters and said.isprintable()


def _picture(claims: Claims) -> str:
    address = text(claims, "picture")
    fits = address.startswith("https://") and _is_storable(address, MAX_PICTURE)
    return address if fits else ""


def _is_first_use(provider: Provider, raw: str, claims: Claims) -> bool:
    # The signature is left out: base64 lets one signature be written in several ways.
    signed, _dot, _signature = raw.rpartition(".")
    dies_at = min(int(claims["exp"]) + LEEWAY_SECONDS, int(claims["iat"]) + MAX_AGE_SECONDS)
    seconds_left = dies_at + 1 - int(time.time())
    return memory.is_first_use(f"{provider.name}-id-token", signed, seconds_left)


def _digest(nonce: str) -> str:
    """As phones send it to Apple, so that a stolen token does not tell the nonce."""
    return hashlib.sha256(nonce.encode()).hexdigest()
