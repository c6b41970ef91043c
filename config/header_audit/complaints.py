"""What is wrong with an answer, as far as a browser has to be told how to protect its reader."""

import re
from collections.abc import Iterator
from http.cookies import Morsel, SimpleCookie
from urllib.parse import urlsplit

import httpx

from config.header_audit.markup import Page

OF_EVERY_ANSWER = {
    "X-Content-Type-Options": re.compile("nosniff"),
    "X-Frame-Options": re.compile("DENY"),
    "Referrer-Policy": re.compile("no-referrer|same-origin|strict-origin"),
    "Cross-Origin-Opener-Policy": re.compile("same-origin"),
    "Cross-Origin-Resource-Policy": re.compile("same-origin|same-site|cross-origin"),
    "Permissions-Policy": re.compile(r".*camera=\(\).*"),
}
LONG_HSTS = re.compile(r"max-age=\d{8,}; includeSubDomains.*")
WIDE_SOURCES = {"*", "http:", "https:", "data:"}
CODE_AND_DATA = {"script-src", "style-src", "connect-src", "form-action"}
STORED_BY_BROWSERS = ("text/html", "application/json")
SERVER_ERRORS = 500


def complaints(answer: httpx.Response, *, signed_in: bool) -> Iterator[str]:
    """Every complaint about an answer, which somebody got who was signed in or not."""
    # What is switched off or down for a while says so: that is no fault of the answer.
    if answer.status_code >= SERVER_ERRORS and "Retry-After" not in answer.headers:
        yield f"answers {answer.status_code}"
    yield from _about_headers(answer)
    yield from _about_policy(answer.headers.get("Content-Security-Policy", ""))
    for line in answer.headers.get_list("Set-Cookie"):
        for cookie in SimpleCookie(line).values():
            yield from _about_cookie(cookie, over_tls=answer.url.scheme == "https")
    kind = answer.headers.get("Content-Type", "")
    is_kept = "no-store" not in answer.headers.get("Cache-Control", "")
    if signed_in and is_kept and kind.startswith(STORED_BY_BROWSERS):
        yield "may be stored although somebody is signed in"
    if kind.startswith("text/html"):
        yield from _about_page(Page.read(answer.text), answer.url)


def _about_headers(answer: httpx.Response) -> Iterator[str]:
    for name, right in OF_EVERY_ANSWER.items():
        value = answer.headers.get(name)
        if value is None:
            yield f"has no {name}"
        elif not right.fullmatch(value):
            yield f"has a weak {name}: {value}"
    hsts = answer.headers.get("Strict-Transport-Security", "")
    if answer.url.scheme == "https" and not LONG_HSTS.fullmatch(hsts):
        yield "has no long Strict-Transport-Security"


def _about_policy(policy: str) -> Iterator[str]:
    if not policy:
        yield "has no Content-Security-Policy"
        return
    rules = {words[0]: words[1:] for rule in policy.split(";") if (words := rule.split())}
    if rules.get("default-src") != ["'none'"]:
        yield "has a policy without default-src 'none'"
    if rules.get("frame-ancestors") != ["'none'"] and "sandbox" not in rules:
        yield "may be shown in a frame"
    for name, sources in rules.items():
        wide = WIDE_SOURCES if name in CODE_AND_DATA else set()
        for source in sources:
            if source in wide or "unsafe-" in source:
                yield f"allows {source} in {name}"


def _about_cookie(cookie: Morsel[str], *, over_tls: bool) -> Iterator[str]:
    if not cookie["httponly"]:
        yield f"sets the cookie {cookie.key} without HttpOnly"
    if cookie["samesite"] not in {"Lax", "Strict"}:
        yield f"sets the cookie {cookie.key} without SameSite"
    if cookie["domain"] or cookie["path"] != "/":
        yield f"sets the cookie {cookie.key} for another place than this host"
    if over_tls and not (cookie["secure"] and cookie.key.startswith("__Host-")):
        yield f"sets the cookie {cookie.key} without Secure and __Host-"


def _about_page(page: Page, url: httpx.URL) -> Iterator[str]:
    yield from (f"has an inline {what} without a nonce" for what in page.inline)
    for address in page.loaded:
        parts = urlsplit(address)
        if parts.scheme == "data":
            continue
        if parts.scheme not in {"", "http", "https"}:
            yield f"runs an address: {address[:60]}"
        elif parts.netloc and (parts.scheme or url.scheme, parts.netloc) != _origin(url):
            yield f"loads from or sends to a foreign origin: {parts.netloc}"


def _origin(url: httpx.URL) -> tuple[str, str]:
    return url.scheme, url.netloc.decode()
