"""How the API words what its views raise. DRF finds this module by its settings."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
)
from django.db import IntegrityError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from redis.exceptions import RedisError
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.errors import MEDIA_TYPE, Refusal, problem
from core.transactions import broken_rule

BUSY_SECONDS = 2
# Rules of the database that only an account erased meanwhile can break.
ERASED = {"account_not_erased", "user_erased_is_nobody"}
Worded = tuple[int, str, str, dict[str, Any]]


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Word what a view raised; whatever its transaction did is rolled back."""
    request = context["request"]
    worded = _worded(exc)
    if worded is None:
        return None
    set_rollback()
    status, code, detail, extra = worded
    body = problem(request, status, code, detail, **extra)
    return Response(body, status, headers=_headers(exc), content_type=MEDIA_TYPE)


def _worded(exc: Exception) -> Worded | None:  # noqa: PLR0911 - one line for each kind
    match exc:
        case Refusal():
            return exc.status, exc.code, str(exc), dict(exc.extra)
        case Http404() | exceptions.NotFound():
            return 404, "not_found", _("There is nothing at this address."), {}
        case PermissionDenied():
            return 403, "permission_denied", _("You may not do this."), {}
        case OperationalError() | RedisError():  # a lock not had in time, or nobody to ask
            return 503, "busy", _("Too much is going on at the moment. Please try again."), {}
        case IntegrityError() if broken_rule(exc) in ERASED:
            return 401, "invalid_token", _("This account has been deleted."), {}
        case SuspiciousOperation():
            return _suspicious(exc)
        case exceptions.ValidationError():
            errors = list(_field_errors(exc.detail))
            detail = " ".join(_sentence(error) for error in errors)
            return 422, "invalid", detail, {"errors": errors}
        case exceptions.APIException():
            return exc.status_code, _code(exc), str(exc.detail), {}
    return None


def _suspicious(exc: SuspiciousOperation) -> Worded:
    match exc:
        case RequestDataTooBig():
            return 413, "body_too_large", _("The request is too large."), {}
        case TooManyFieldsSent():
            return 400, "too_many_fields", _("There are too many fields."), {}
    return 400, "bad_request", _("The request could not be understood."), {}


def _code(exc: exceptions.APIException) -> str:
    codes = exc.get_codes()
    return codes if isinstance(codes, str) else str(exc.default_code)


def _headers(exc: Exception) -> dict[str, str]:
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    is_busy = isinstance(exc, OperationalError | RedisError)
    wait = BUSY_SECONDS if is_busy else getattr(exc, "wait", None)
    if wait:
        headers["Retry-After"] = str(int(wait))
    return headers


def _field_errors(detail: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            escaped = str(name).replace("~", "~0").replace("/", "~1")  # RFC 6901
            yield from _field_errors(inner, f"{pointer}/{escaped}")
    elif isinstance(detail, list):
        for position, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _field_errors(inner, f"{pointer}/{position}" if nested else pointer)
    else:
        yield {"pointer": pointer, "code": str(detail.code), "detail": str(detail)}


def _sentence(error: dict[str, str]) -> str:
    name = error["pointer"].strip("/").replace("/", ".")
    return error["detail"] if name in {"", "non_field_errors"} else f"{name}: {error['detail']}"
