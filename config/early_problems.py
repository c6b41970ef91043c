"""Problem+json for what is refused before Django sees the request."""

import json
from collections.abc import Iterable
from http import HTTPStatus
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from core.browser_headers import NO_PAGE_POLICY
from core.errors import MEDIA_TYPE, problem

Headers = list[tuple[bytes, bytes]]


def refusal(
    status: HTTPStatus, code: str, detail: str, *, path: str, sent: Iterable[tuple[bytes, bytes]]
) -> tuple[Headers, bytes]:
    """The headers and the body, for whoever sent these headers; their names are in lower case."""
    said = {name: value.decode("latin-1") for name, value in sent}
    languages, origin = said.get(b"accept-language", ""), said.get(b"origin", "")
    body = worded(status, code, detail, path=path, languages=languages)
    return headers_of(body, origin), body


def headers_of(body: bytes, origin: str) -> Headers:
    """The headers of the answer; clients of the listed origins may read it too."""
    headers = [
        (b"Content-Type", MEDIA_TYPE.encode()),
        (b"Content-Length", str(len(body)).encode()),
        (b"Cache-Control", b"no-store"),
        (b"Content-Security-Policy", NO_PAGE_POLICY.encode()),
        (b"X-Content-Type-Options", b"nosniff"),
        (b"Vary", b"Origin"),
    ]
    if origin in settings.CORS_ALLOWED_ORIGINS:
        headers += [
            (b"Access-Control-Allow-Origin", origin.encode()),
            (b"Access-Control-Allow-Credentials", b"true"),
            (b"Access-Control-Expose-Headers", b"Retry-After"),
        ]
    return headers


def worded(status: HTTPStatus, code: str, detail: str, *, path: str, languages: str) -> bytes:
    """The body, in the reader's language; `languages` is what Accept-Language says."""
    request = HttpRequest()
    request.path = path
    request.META["HTTP_ACCEPT_LANGUAGE"] = languages
    request.request_id = uuid4().hex  # type: ignore[attr-defined]
    with translation.override(translation.get_language_from_request(request)):
        body = problem(request, status, code, translation.gettext(detail))
    return json.dumps(body, ensure_ascii=False).encode()
