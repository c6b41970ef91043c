"""The demo Google as a program: its addresses, and a server that only this computer reaches."""

import secrets
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import translation
from oauthlib.common import add_params_to_uri

from accounts.demo_accounts import DemoAccount
from accounts.demo_google import pages
from accounts.demo_google.authorization import Authorization, NotOurApplication, is_loopback
from accounts.demo_google.grants import Grant, Promises
from accounts.demo_google.keys import LIFETIME_SECONDS, SigningKey

CODE_SECONDS = 600
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class NotLoopback(Exception):
    """The demo Google signs in anybody who asks, so it never listens on a network."""


def make_server(host: str, port: int, key: SigningKey) -> ThreadedWSGIServer:
    """A server bound to `host`, ready for `serve_forever`; port 0 takes a free one."""
    if not is_loopback(host):
        raise NotLoopback(host)
    server = ThreadedWSGIServer((host, port), WSGIRequestHandler, ipv6=":" in host)
    server.set_app(DemoGoogle(key, url=address(server)))
    return server


def address(server: ThreadedWSGIServer) -> str:
    host = str(server.server_address[0])
    return f"http://{f'[{host}]' if ':' in host else host}:{server.server_port}"


class DemoGoogle:
    """A WSGI application with the addresses of Google that a sign-in uses."""

    def __init__(self, key: SigningKey, *, url: str) -> None:
        self._key = key
        self._url = url
        self._codes = Promises[Grant](CODE_SECONDS)
        self._access_tokens = Promises[DemoAccount](LIFETIME_SECONDS)
        self._views: dict[tuple[str, str], Callable[[HttpRequest], HttpResponse]] = {
            ("GET", "/.well-known/openid-configuration"): self.configuration,
            ("GET", "/o/oauth2/v2/auth"): self.ask,
            ("POST", "/o/oauth2/v2/auth"): self.decide,
            ("POST", "/token"): self.exchange,
            ("GET", "/certs"): self.certificates,
            ("GET", "/userinfo"): self.userinfo,
            ("GET", "/authenticator"): lambda request: pages.authenticator(),
            ("GET", "/style.css"): lambda request: pages.style(),
            ("GET", "/favicon.ico"): lambda request: HttpResponse(status=204),
        }

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        request = WSGIRequest(environ)
        with translation.override(translation.get_language_from_request(request)):
            response = self._answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["Content-Length"] = str(len(response.content))
        status = f"{response.status_code} {response.reason_phrase}"
        start_response(status, list(response.items()))
        return [response.content]

    def configuration(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse(
            {
                "issuer": self._url,
                "authorization_endpoint": f"{self._url}/o/oauth2/v2/auth",
                "token_endpoint": f"{self._url}/token",
                "userinfo_endpoint": f"{self._url}/userinfo",
                "jwks_uri": f"{self._url}/certs",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["client_secret_post", "none"],
                "code_challenge_methods_supported": ["S256"],
                "scopes_supported": ["openid", "email", "profile"],
            }
        )

    def ask(self, request: HttpRequest) -> HttpResponse:
        asked = Authorization.asked_by(request.GET)
        if asked.error:
            return _back_to(asked, error=asked.error)
        return pages.consent(asked, pages.AnotherAccountForm())

    def decide(self, request: HttpRequest) -> HttpResponse:
        asked = Authorization.asked_by(request.GET)
        if asked.error or "cancel" in request.POST:
            return _back_to(asked, error=asked.error or "access_denied")
        form = pages.chosen_form(request)
        if not form.is_valid():
            another = form if isinstance(form, pages.AnotherAccountForm) else None
            return pages.consent(asked, another or pages.AnotherAccountForm(), status=400)
        return _back_to(asked, code=self._codes.give(Grant(asked, form.account())))

    def exchange(self, request: HttpRequest) -> HttpResponse:
        said = request.POST
        if said.get("grant_type") != "authorization_code":
            return _oauth_error("unsupported_grant_type")
        if not _knows_its_secret(said.get("client_id", ""), said.get("client_secret", "")):
            return _oauth_error("invalid_client", status=401)
        grant = self._codes.take(said.get("code", ""))
        if grant is None or not grant.belongs_to(
            client_id=said.get("client_id", ""),
            redirect_uri=said.get("redirect_uri", ""),
            code_verifier=said.get("code_verifier", ""),
        ):
            return _oauth_error("invalid_grant")
        return self._tokens(grant)

    def certificates(self, request: HttpRequest) -> HttpResponse:
        headers = {"Cache-Control": "public, max-age=3600"}
        return JsonResponse(self._key.published(), headers=headers)

    def userinfo(self, request: HttpRequest) -> HttpResponse:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        account = self._access_tokens.look_up(token)
        if account is None:
            return _oauth_error("invalid_token", status=401)
        return JsonResponse(_profile(account))

    def _answer(self, request: HttpRequest) -> HttpResponse:
        assert request.method
        view = self._views.get((request.method, request.path_info))
        if view is None:
            known = any(path == request.path_info for _, path in self._views)
            return HttpResponse(status=405 if known else 404)
        try:
            return view(request)
        except NotOurApplication as error:
            return pages.refused(str(error))
        except SuspiciousOperation:
            return HttpResponse(status=HTTPStatus.BAD_REQUEST)

    def _tokens(self, grant: Grant) -> HttpResponse:
        client_id, nonce = grant.asked.client_id, grant.asked.nonce
        claims = {"iss": self._url, "aud": client_id, "azp": client_id, **_profile(grant.account)}
        return JsonResponse(
            {
                "access_token": self._access_tokens.give(grant.account),
                "expires_in": LIFETIME_SECONDS,
                "token_type": "Bearer",
                "scope": "openid email profile",
                "id_token": self._key.sign({**claims, **({"nonce": nonce} if nonce else {})}),
            }
        )


def _back_to(asked: Authorization, **said: str) -> HttpResponse:
    parameters = {**said, **({"state": asked.state} if asked.state else {})}
    return HttpResponseRedirect(str(add_params_to_uri(asked.redirect_uri, parameters.items())))


def _knows_its_secret(client_id: str, secret: str) -> bool:
    """Only the web client has a secret; those in phones prove themselves by PKCE."""
    if client_id not in settings.GOOGLE_MOBILE_CLIENT_IDS:
        return False
    if client_id != settings.GOOGLE_CLIENT_ID:
        return True
    return secrets.compare_digest(secret.encode(), settings.GOOGLE_CLIENT_SECRET.encode())


def _oauth_error(error: str, *, status: int = 400) -> HttpResponse:
    return JsonResponse({"error": error}, status=status)


def _profile(account: DemoAccount) -> dict[str, Any]:
    given, _, family = account.name.partition(" ")
    return {
        "sub": account.sub,
        "email": account.email,
        "email_verified": True,
        "name": account.name,
        "given_name": given,
        "family_name": family,
    }
