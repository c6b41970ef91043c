"""Apple, as its documentation describes it.

The e-mail may be one of Apple's relays, or missing after the first time; the name is told by the
client alone, once, and nobody signs it.
"""

import logging
import time
from typing import ClassVar

import jwt
from django.conf import settings
from django.utils.translation import gettext as _

from accounts.providers.id_tokens import text
from accounts.providers.provider import Claims, InvalidCredentials, Provider, ProviderUnavailable

SECRET_SECONDS = 300

logger = logging.getLogger(__name__)


class InvalidAppleCredentials(InvalidCredentials):
    code: ClassVar[str] = "invalid_apple_credentials"

    def __init__(self) -> None:
        super().__init__(_("Invalid Apple authentication credentials."))


class AppleUnavailable(ProviderUnavailable):
    """Apple does not answer, or this deployment is not registered there."""

    code: ClassVar[str] = "apple_unavailable"

    def __init__(self) -> None:
        super().__init__(_("Sign-in with Apple is not possible at the moment."))


def provider() -> Provider:
    return Provider(
        name="apple",
        issuers=[settings.APPLE_ISSUER],
        keys_url=settings.APPLE_KEYS_URL,
        clients={
            "web": settings.APPLE_WEB_CLIENT_IDS,
            "mobile": settings.APPLE_MOBILE_CLIENT_IDS,
        },
        authorize_url=settings.APPLE_AUTHORIZE_URL,
        authorize_parameters={"scope": "name email", "response_mode": "form_post"},
        token_url=settings.APPLE_TOKEN_URL,
        redirect_uri=settings.APPLE_REDIRECT_URI,
        client_id=settings.APPLE_CLIENT_ID,
        client_secret=_client_secret,
        vouches_for_email=_vouches_for_email,
        refusal=InvalidAppleCredentials,
        outage=AppleUnavailable,
    )


def _client_secret() -> str:
    """What proves us to Apple: a statement signed with the key that it gave us."""
    now = int(time.time())
    claims = {
        "iss": settings.APPLE_TEAM_ID,
        "sub": settings.APPLE_CLIENT_ID,
        "aud": settings.APPLE_ISSUER,
        "iat": now,
        "exp": now + SECRET_SECONDS,
    }
    headers = {"kid": settings.APPLE_KEY_ID}
    try:
        return jwt.encode(claims, settings.APPLE_PRIVATE_KEY, "ES256", headers=headers)
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        logger.exception("APPLE_PRIVATE_KEY is not the EC key that Apple gives as a .p8 file")
        raise AppleUnavailable from error


def _vouches_for_email(claims: Claims) -> bool:
    if "email" not in claims:
        return True
    verified = claims.get("email_verified")
    return (verified is True or verified == "true") and text(claims, "email") != ""
