"""Signing in to the pages: allauth speaks OAuth, our own rules decide who the person is."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import HttpRequest

from accounts.providers import google, id_tokens
from accounts.providers.provider import Identity
from accounts.registration import user_of


class StrictGoogle(GoogleOAuth2Adapter):  # type: ignore[misc]  # allauth is untyped
    """Google as the API knows it: allauth alone does not check signature, azp and lifetime."""

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        identity = id_tokens.verify(google.provider(), id_token, platform="web")
        return {
            "sub": identity.sub,
            "email": identity.email,
            "email_verified": True,
            "name": identity.name,
            "picture": identity.picture,
        }


class GoogleAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # as above
    """Finds the user by Google's `sub`, exactly as the API's sign-in does."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.is_existing:
            return
        told = sociallogin.account.extra_data
        identity = Identity(
            provider="google",
            sub=sociallogin.account.uid,
            email=told["email"],
            name=told.get("name", ""),
            picture=told.get("picture", ""),
        )
        sociallogin.connect(request, user_of(identity))


google_login = OAuth2LoginView.adapter_view(StrictGoogle)
google_callback = OAuth2CallbackView.adapter_view(StrictGoogle)
