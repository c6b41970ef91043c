"""The addresses that Google and Apple send a browser back to with a code."""

import json
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.login import browser
from accounts.login.api import answer, device_of
from accounts.login.serializers import AppleFormSerializer, name_in_form
from accounts.providers import apple, code_flow, google
from accounts.providers.code_flow import Journey
from accounts.sign_in import SignedIn, sign_in
from core.errors import Refusal
from core.parsers import StrictFormParser

PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
TO_WEB_CLIENT = {302: OpenApiResponse(description="To FRONTEND_URL/callback")}


class ForBrowsers(JSONRenderer):
    """Lets browsers ask for pages; what is refused before there is one is a problem to them too."""

    media_type = "text/html"
    format = "html"


class GoogleCallbackView(APIView):
    """GET: back from Google, on to the web client with the code.

    A sign-in that was begun for a phone ends here, on a page that keeps its tokens.
    """

    authentication_classes = []
    renderer_classes = [JSONRenderer, ForBrowsers]

    @extend_schema(
        parameters=[OpenApiParameter("code", str), OpenApiParameter("state", str)],
        responses={(200, "text/html"): str, **TO_WEB_CLIENT},
    )
    def get(self, request: Request) -> HttpResponse:
        code = request.query_params.get("code", "")
        state = request.query_params.get("state", "")
        try:
            journey = code_flow.came_back(google.provider(), code, state)
        except Refusal as refusal:
            return _to_web_client(error=refusal.code)
        if journey and code and journey.platform == "mobile":
            return _phone_page(request, journey, code, state)
        return _on(request.query_params.get("error", ""), journey, code, state)


class AppleCallbackView(APIView):
    """POST: back from Apple, by a form; on to the web client with the code."""

    authentication_classes = []
    parser_classes = [StrictFormParser]
    renderer_classes = [JSONRenderer, ForBrowsers]

    @extend_schema(request=AppleFormSerializer, responses=TO_WEB_CLIENT)
    def post(self, request: Request) -> HttpResponse:
        form = {name: _text(request.data, name) for name in ("code", "state", "user", "error")}
        code, state = form["code"], form["state"]
        try:
            name = name_in_form(form["user"])
            journey = code_flow.came_back(apple.provider(), code, state, name)
        except Refusal as refusal:
            return _to_web_client(error=refusal.code)
        return _on(form["error"], journey, code, state)


def _text(sent: Any, name: str) -> str:
    value = sent.get(name, "") if hasattr(sent, "get") else ""
    return value if isinstance(value, str) else ""


def _on(error: str, journey: Journey | None, code: str, state: str) -> HttpResponse:
    """To the web client; what the sign-in is for is what we remember, not what the address says."""
    if journey is None or not code:
        return _to_web_client(error=error or "invalid_state")
    return _to_web_client(
        code=code,
        state=state,
        account_type=journey.account_type,
        client_type=journey.platform,
    )


def _to_web_client(**said: str) -> HttpResponse:
    return HttpResponseRedirect(
        f"{settings.FRONTEND_URL}/callback?{urlencode(said)}", headers=PRIVATE
    )


def _phone_page(request: Request, journey: Journey, code: str, state: str) -> HttpResponse:
    secret = browser.known_secret_of(request)
    try:
        identity = code_flow.finish(google.provider(), code, state, browser=secret)
        device = device_of(request, "mobile")
        signed_in = sign_in(identity, journey.account_type, device)
    except Refusal as refusal:
        context = {"status": refusal.status, "detail": str(refusal)}
        return _page(request, "error.html", context, refusal.status)
    context = {"kept": json.dumps(_kept(signed_in)), "account": signed_in.account}
    return _page(request, "phone_sign_in.html", context, 200)


def _page(request: Request, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    html = render_to_string(template, context, request._request)
    return HttpResponse(html, status=status, headers=PRIVATE)


def _kept(signed_in: SignedIn) -> dict[str, str]:
    """What the app looks for in the browser's storage; it waits for the last one."""
    told = answer(signed_in, "mobile")
    account = told.get("user") or told.get("shop")
    return {
        "flutter_auth_token": told["access_token"],
        "flutter_auth_refresh_token": told["refresh_token"],
        "flutter_auth_account_type": told["account_type"],
        "flutter_auth_user": JSONRenderer().render(account).decode(),
        "flutter_auth_complete": "true",
    }
