"""Signing in to the pages: allauth speaks OAuth, our own rules decide who the person is."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import HttpRequest
from django.shortcuts import render

from accounts import google
from accounts.google import Identity
from accounts.sign_in import user_of
from core.errors import Refusal


class StrictGoogle(GoogleOAuth2Adapter):  # type: ignore[misc]  # allauth is untyped
    """Google as the API knows it: allauth alone does not check signature, azp and lifetime."""

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            identity = google.verify_id_token(id_token)
        except Refusal as error:
            raise OAuth2Error(str(error)) from error
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
            sub=sociallogin.account.uid,
            email=told["email"],
            name=told.get("name", ""),
            picture=told.get("picture", ""),
        )
        try:
            sociallogin.connect(request, user_of(identity))
        except Refusal as error:
            page = render(
                request,
                "error.html",
                {"status": error.status, "detail": str(error)},
                status=error.status,
            )
            raise ImmediateHttpResponse(page) from error


google_login = OAuth2LoginView.adapter_view(StrictGoogle)
google_callback = OAuth2CallbackView.adapter_view(StrictGoogle)
