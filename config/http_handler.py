"""Django's door for HTTP, mended: headers that cannot be read are answered and not a fault."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.http import HttpResponse
from django.utils.translation import gettext_noop as _

from config.early_problems import headers_of, worded


class HTTPHandler(ASGIHandler):
    def create_request(
        self, scope: Mapping[str, Any], body_file: Any
    ) -> tuple[ASGIRequest, None] | tuple[None, HttpResponse]:
        try:
            return self.request_class(scope, body_file), None
        except ValueError:  # not UTF-8, or a Content-Type of a charset that nobody knows
            return None, _unreadable(scope)


def _unreadable(scope: Mapping[str, Any]) -> HttpResponse:
    sent = {name: value.decode("latin-1") for name, value in scope["headers"]}
    body = worded(
        HTTPStatus.BAD_REQUEST,
        "bad_request",
        _("The request could not be understood."),
        path=scope["path"],
        languages=sent.get(b"accept-language", ""),
    )
    headers = headers_of(body, sent.get(b"origin", ""))
    said = {name.decode(): value.decode() for name, value in headers}
    return HttpResponse(body, status=HTTPStatus.BAD_REQUEST, headers=said)
