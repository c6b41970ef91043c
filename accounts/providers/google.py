"""Google, as its documentation describes it."""

from typing import ClassVar

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.providers.id_tokens import text
from accounts.providers.provider import Claims, InvalidCredentials, Provider, ProviderUnavailable


class InvalidGoogleCredentials(InvalidCredentials):
    code: ClassVar[str] = "invalid_google_credentials"

    def __init__(self) -> None:
        super().__init__(_("Invalid Google authentication credentials."))


class GoogleUnavailable(ProviderUnavailable):
    code: ClassVar[str] = "google_unavailable"

    def __init__(self) -> None:
        super().__init__(_("Google does not answer now. Please try again in a minute."))


def provider() -> Provider:
    return Provider(
        name="google",
        issuers=settings.GOOGLE_ISSUERS,
        keys_url=settings.GOOGLE_CERTS_URL,
        clients={
            "web": settings.GOOGLE_WEB_CLIENT_IDS,
            "mobile": settings.GOOGLE_MOBILE_CLIENT_IDS,
        },
        authorize_url=settings.GOOGLE_AUTHORIZE_URL,
        authorize_parameters={"scope": "openid email profile"},
        token_url=settings.GOOGLE_TOKEN_URL,
        redirect_uri=settings.GOOGLE_REDIRECT_URI,
        client_id=settings.GOOGLE_CLIENT_ID,
        client_secret=lambda: settings.GOOGLE_CLIENT_SECRET,
        vouches_for_email=_vouches_for_email,
        refusal=InvalidGoogleCredentials,
        outage=GoogleUnavailable,
    )


def _vouches_for_email(claims: Claims) -> bool:
    return claims.get("email_verified") is True and text(claims, "email") != ""
