"""Everything the platform says to Google: who signed in. Knows nothing about our accounts."""

import functools
import hashlib
import logging
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar

import httpx
import jwt
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _
from oauthlib.common import add_params_to_uri
from oauthlib.oauth2 import (
    InvalidClientError,
    OAuth2Error,
    UnauthorizedClientError,
    WebApplicationClient,
)

from accounts.jwks import KeysUnavailable, PublishedKeys, UnknownKey
from core.errors import Refusal

ALGORITHM = "RS256"
LEEWAY_SECONDS = 30
MAX_LIFETIME_SECONDS = 3700  # Google's tokens live for an hour
TIMEOUT = httpx.Timeout(10, connect=5)

logger = logging.getLogger(__name__)


class InvalidGoogleCredentials(Refusal):
    """Google did not vouch for this person, to us, just now."""

    code: ClassVar[str] = "invalid_google_credentials"
    status: ClassVar[int] = HTTPStatus.UNAUTHORIZED


class GoogleUnavailable(Refusal):
    """Google cannot be asked at the moment, or does not know us."""

    code: ClassVar[str] = "google_unavailable"
    status: ClassVar[int] = HTTPStatus.SERVICE_UNAVAILABLE


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom Google vouches for. `sub` is the person; an e-mail address may change hands."""

    sub: str
    email: str
    name: str
    picture: str


def verify_id_token(raw: str, *, nonce: str | None = None) -> Identity:
    """Return whom a fresh id_token, issued to one of our clients, speaks for. It works once."""
    claims = _signed_claims(raw)
    if not _is_meant_for_us(claims, nonce) or not _is_first_use(raw, claims):
        raise invalid_credentials()
    return Identity(
        sub=claims["sub"],
        email=claims["email"],
        name=_text(claims, "name"),
        picture=_text(claims, "picture"),
    )


def new_code_verifier() -> str:
    """The PKCE secret that stays with whoever starts a sign-in."""
    return str(WebApplicationClient(settings.GOOGLE_CLIENT_ID).create_code_verifier(64))


def code_challenge(verifier: str) -> str:
    """What Google is told about the secret beforehand (S256)."""
    client = WebApplicationClient(settings.GOOGLE_CLIENT_ID)
    return str(client.create_code_challenge(verifier, "S256"))


def authorization_url(
    *, state: str, redirect_uri: str, code_challenge: str = "", nonce: str = ""
) -> str:
    """The page of Google that asks the person and comes back to `redirect_uri` with a code."""
    parameters = {
        "response_type": "code",
        "client_id": settings.GOOGLE_CLIENT_ID,
        "redirect_uri": redirect_uri,
        "scope": "openid email profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": code_challenge,
        "code_challenge_method": "S256" if code_challenge else "",
    }
    # oauthlib's prepare_request_uri refuses http, which our own Google on loopback speaks.
    said = [(name, value) for name, value in parameters.items() if value]
    return str(add_params_to_uri(settings.GOOGLE_AUTHORIZE_URL, said))


def exchange_code(code: str, *, redirect_uri: str, code_verifier: str = "") -> str:
    """Trade the code Google gave the browser for a raw id_token."""
    client = WebApplicationClient(settings.GOOGLE_CLIENT_ID)
    body = client.prepare_request_body(
        code=code,
        redirect_uri=redirect_uri,
        code_verifier=code_verifier or None,
        client_secret=settings.GOOGLE_CLIENT_SECRET,
    )
    try:
        answer = client.parse_request_body_response(_post_for_tokens(body))
    except (InvalidClientError, UnauthorizedClientError) as error:
        logger.exception("Google refuses our client id or secret")
        raise _unavailable() from error
    except OAuth2Error as error:
        raise invalid_credentials() from error
    except (AttributeError, TypeError, ValueError) as error:  # the answer is not OAuth's
        raise _unavailable() from error
    return _text(answer, "id_token")


def _signed_claims(raw: str) -> dict[str, Any]:
    try:
        return jwt.decode(
            raw,
            _published_keys(settings.GOOGLE_CERTS_URL).find(_key_id(raw)),
            algorithms=[ALGORITHM],
            audience=settings.GOOGLE_CLIENT_IDS,
            issuer=settings.GOOGLE_ISSUERS,
            leeway=LEEWAY_SECONDS,
            options={"require": ["iss", "aud", "sub", "iat", "exp"]},
        )
    except KeysUnavailable as error:
        raise _unavailable() from error
    except (jwt.PyJWTError, UnknownKey, ValueError, RecursionError) as error:
        raise invalid_credentials() from error


def _key_id(raw: str) -> str:
    """Which key the token names; one that Google could not have signed never makes us ask it."""
    header = jwt.get_unverified_header(raw)
    if header.get("alg") != ALGORITHM or not header.get("kid"):
        raise jwt.InvalidTokenError
    return str(header["kid"])


@functools.cache
def _published_keys(url: str) -> PublishedKeys:
    return PublishedKeys(url)


def _is_meant_for_us(claims: dict[str, Any], nonce: str | None) -> bool:
    """What PyJWT does not ask; it has already checked signature, times, issuer and audience."""
    rules = (
        claims["sub"] != "",
        isinstance(claims["aud"], str),
        claims.get("azp", claims["aud"]) in settings.GOOGLE_CLIENT_IDS,
        int(claims["exp"]) - int(claims["iat"]) <= MAX_LIFETIME_SECONDS,
        claims.get("email_verified") is True,
        _text(claims, "email") != "",
        nonce is None or claims.get("nonce") == nonce,
    )
    return all(rules)


def _is_first_use(raw: str, claims: dict[str, Any]) -> bool:
    # The signature is left out: base64 lets one signature be written in several ways.
    signed, _dot, _signature = raw.rpartition(".")
    digest = hashlib.sha256(signed.encode()).hexdigest()
    seconds_left = int(claims["exp"]) + LEEWAY_SECONDS + 1 - int(time.time())
    return cache.add(f"google-id-token:{digest}", value=True, timeout=seconds_left)


def _post_for_tokens(body: str) -> str:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        response = httpx.post(
            settings.GOOGLE_TOKEN_URL, content=body, headers=headers, timeout=TIMEOUT
        )
    except httpx.HTTPError as error:
        raise _unavailable() from error
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise _unavailable()
    return response.text


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def invalid_credentials() -> InvalidGoogleCredentials:
    """The one wording of that refusal: it never tells which rule a forger has still to meet."""
    return InvalidGoogleCredentials(_("Invalid Google authentication credentials."))


def _unavailable() -> GoogleUnavailable:
    return GoogleUnavailable(_("Google does not answer now. Please try again in a minute."))
