"""Keeps the limits of every request, whichever room answers it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from config.limits.addresses import counted_as
from core.errors import Refusal, refused
from core.limits import counting, valkey
from core.limits.counting import Verdict

VERDICT = "leema.verdict"  # in the request's ASGI scope, for whoever asks again
Handler = Callable[[HttpRequest], HttpResponse]


class RateLimited(Refusal):
    code = "rate_limited"
    status = HTTPStatus.TOO_MANY_REQUESTS


class LimitsUnavailable(Refusal):
    code = "limits_unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE


def limits_are_kept(get_response: Handler) -> Handler:
    """Count every request before a view sees it, and refuse what is beyond its limit.

    While Valkey is away, what moves money or lets people in is refused, and the rest goes on.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            verdict = verdict_of(request)
        except LimitsUnavailable as unavailable:
            return _refused(request, unavailable, {"Retry-After": str(valkey.REST_SECONDS)})
        if verdict is None:
            return get_response(request)
        if not verdict.is_granted:
            refusal = RateLimited(_("Too many requests. Wait a little and try again."))
            return _refused(request, refusal, verdict.headers)
        return _with(verdict.headers, get_response(request))

    return middleware


def verdict_of(request: HttpRequest) -> Verdict | None:
    """Whether the request may go on, None where nothing is limited; it is counted once.

    Raises LimitsUnavailable.
    """
    scope: dict[str, Any] = getattr(request, "scope", {})
    if VERDICT not in scope:
        scope[VERDICT] = _count(request)
    return scope[VERDICT]  # type: ignore[no-any-return]


def _count(request: HttpRequest) -> Verdict | None:
    counted = counted_as(request)
    if counted is None:
        return None
    try:
        return counting.spend(*counted)
    except valkey.Unavailable as error:
        if not counted[0].fails_closed:
            return None
        detail = _("This does not work at the moment. Please try again in a few seconds.")
        raise LimitsUnavailable(detail) from error


def _refused(request: HttpRequest, refusal: Refusal, headers: dict[str, str]) -> HttpResponse:
    return _with({**headers, "Cache-Control": "no-store"}, refused(request, refusal))


def _with(headers: dict[str, str], response: HttpResponse) -> HttpResponse:
    for name, value in headers.items():
        response[name] = value
    return response
