"""Who walks: nobody in particular, a shop and an administrator, each with cookies and a token."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import httpx

from accounts import demo_authenticator
from accounts.demo_accounts import DEMO_ACCOUNTS
from config.header_audit.markup import Page

PATIENCE_SECONDS = 30


class NoDemo(Exception):
    """The platform signs in with the real Google, which asks a person."""


class SignInFailed(Exception):
    """A step of the sign-in did not lead on; the message says where it ended."""


@contextmanager
def visitor(url: str, role: str) -> Iterator[httpx.Client]:
    """A client of the platform at `url`, signed in as the first demo account of the role."""
    with httpx.Client(base_url=url, timeout=PATIENCE_SECONDS) as client:
        if role != "anonymous":
            sign_in_pages(client, role)
            _sign_in_api(client, role)
        yield client


def sign_in_pages(client: httpx.Client, role: str) -> None:
    """Through the button of the sign-in page, as a browser goes."""
    page = client.get("/panel/sign-in/")
    form = {"csrfmiddlewaretoken": Page.read(page.text).token}
    chosen = _choose(client.post("/accounts/google/login/", data=form).headers["Location"], role)
    back = client.get(chosen)
    if back.status_code != httpx.codes.FOUND:
        raise SignInFailed(f"The sign-in page answered {back.status_code}.")
    if role == "admin":
        _show_second_factor(client, back.headers["Location"])


def _show_second_factor(client: httpx.Client, challenge: str) -> None:
    token = Page.read(client.get(challenge).text).token
    for code in demo_authenticator.codes():
        shown = client.post(challenge, data={"csrfmiddlewaretoken": token, "code": code})
        if shown.status_code == httpx.codes.FOUND:
            return
    raise SignInFailed(f"The second factor was not taken; the page answered {shown.status_code}.")


def _sign_in_api(client: httpx.Client, role: str) -> None:
    where = {"account_type": "shop" if role == "shop" else "user", "platform": "web"}
    url = client.get("/api/v1/auth/google/url", params=where).json()["authorization_url"]
    came_back = parse_qs(urlsplit(_choose(url, role)).query)
    body = {name: came_back[name][0] for name in ("code", "state")} | where
    login = client.post("/api/v1/auth/google/login", json=body).json()
    client.headers["Authorization"] = f"Bearer {login['access_token']}"
    if role == "admin":
        pair = _verify(client)
        client.headers["Authorization"] = f"Bearer {pair['access_token']}"


def _verify(client: httpx.Client) -> dict[str, str]:
    for code in demo_authenticator.codes():
        answer = client.post("/api/v1/auth/mfa/verify", json={"code": code})
        if answer.is_success:
            pair: dict[str, str] = answer.json()
            return pair
    raise SignInFailed(f"The second factor was not taken; the API answered {answer.status_code}.")


def _choose(url: str, role: str) -> str:
    """Choose the account on the demo's Google; returns where it sends the browser."""
    if urlsplit(url).hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise NoDemo
    sub = next(account.sub for account in DEMO_ACCOUNTS if account.role == role)
    return httpx.post(url, data={"sub": sub}).headers["Location"]
