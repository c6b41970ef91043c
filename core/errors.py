"""Refusals the domain can give, and the bodies and pages of errors: RFC 9457 problem+json."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

MEDIA_TYPE = "application/problem+json"


class Refusal(Exception):
    """The request was understood, and the rules say no. The message is text a person can read.

    `extra` are further members of the problem; `wait`, if set, is its Retry-After in seconds.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = HTTPStatus.CONFLICT
    extra: Mapping[str, Any] = {}


def problem(
    request: HttpRequest, status: int, code: str, detail: str, **extra: Any
) -> dict[str, Any]:
    """The body of an error; `detail` is always a string, because clients show it."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "instance": request.path,
        "request_id": getattr(request, "request_id", ""),
        **extra,
    }


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return _page_or_problem(request, refusal.status, refusal.code, str(refusal))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page_or_problem(request, 404, "not_found", _("There is nothing at this address."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page_or_problem(request, 403, "permission_denied", _("You may not open this page."))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _page_or_problem(request, 413, "body_too_large", _("The request is too large."))
    if isinstance(exception, TooManyFieldsSent):
        return _page_or_problem(request, 400, "too_many_fields", _("There are too many fields."))
    return _page_or_problem(request, 400, "bad_request", _("The request could not be understood."))


def method_not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    detail = _("The request could not be understood.")
    response = _page_or_problem(request, 405, "method_not_allowed", detail)
    response["Allow"] = allowed
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    detail = _("Something went wrong on our side. Nothing was changed.")
    return _page_or_problem(request, 500, "server_error", detail)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    detail = _("This form has expired. Open the page again and repeat.")
    return _page_or_problem(request, 403, "csrf_failed", detail)


def _page_or_problem(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    if request.path == "/api" or request.path.startswith("/api/"):
        body = problem(request, status, code, detail)
        return JsonResponse(body, status=status, content_type=MEDIA_TYPE)
    return render(request, "error.html", {"status": status, "detail": detail}, status=status)
