"""OAuth's code flow as both providers speak it: the page to go to, and the code's exchange."""

import logging
from http import HTTPStatus

import httpx
from oauthlib.common import add_params_to_uri
from oauthlib.oauth2 import (
    InvalidClientError,
    OAuth2Error,
    UnauthorizedClientError,
    WebApplicationClient,
)

from accounts.providers.id_tokens import text
from accounts.providers.provider import Provider

TIMEOUT = httpx.Timeout(10, connect=5)

logger = logging.getLogger(__name__)


def new_code_verifier() -> str:
    """The PKCE secret that stays with whoever starts a sign-in."""
    return str(WebApplicationClient("").create_code_verifier(64))


def code_challenge(verifier: str) -> str:
    """What the provider is told about the secret beforehand (S256)."""
    return str(WebApplicationClient("").create_code_challenge(verifier, "S256"))


def authorization_url(provider: Provider, *, state: str, nonce: str, code_verifier: str) -> str:
    """The page that asks the person and comes back to the provider's `redirect_uri` with a code."""
    parameters = {
        **provider.authorize_parameters,
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": provider.redirect_uri,
        "state": state,
        "nonce": nonce,
        "code_challenge": code_challenge(code_verifier),
        "code_challenge_method": "S256",
    }
    # oauthlib's prepare_request_uri refuses http, which our own Google on loopback speaks.
    return str(add_params_to_uri(provider.authorize_url, parameters.items()))


def exchange_code(provider: Provider, code: str, *, code_verifier: str) -> str:
    """Trade the code that the browser was given for a raw id_token."""
    client = WebApplicationClient(provider.client_id)
    body = client.prepare_request_body(
        code=code,
        redirect_uri=provider.redirect_uri,
        code_verifier=code_verifier or None,
        client_secret=provider.client_secret(),
    )
    try:
        answer = client.parse_request_body_response(_post_for_tokens(provider, body))
    except (InvalidClientError, UnauthorizedClientError) as error:
        logger.exception("%s refuses our client id or secret", provider.name.capitalize())
        raise provider.outage() from error
    except OAuth2Error as error:
        raise provider.refusal() from error
    except (AttributeError, TypeError, ValueError) as error:  # the answer is not OAuth's
        raise provider.outage() from error
    return text(answer, "id_token")


def _post_for_tokens(provider: Provider, body: str) -> str:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        response = httpx.post(provider.token_url, content=body, headers=headers, timeout=TIMEOUT)
    except httpx.HTTPError as error:
        raise provider.outage() from error
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise provider.outage()
    return response.text
