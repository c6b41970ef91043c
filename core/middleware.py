"""What happens to every request, whichever room answers it."""

import logging
import re
from collections.abc import Callable
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.translation import gettext as _

from core import audit
from core.errors import Refusal, bad_request, method_not_allowed, refused
from core.plain_text import Unreadable, check_fields, check_text

Handler = Callable[[HttpRequest], HttpResponse]
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
logger = logging.getLogger(__name__)
NONSENSE = (DataError, OverflowError, ValidationError, ValueError)
ADMIN_LIST = re.compile(r"admin:\w+_changelist")


def request_id(get_response: Handler) -> Handler:
    """Give the request an id, or keep a sane one of the client's, and return it as a header."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.request_id = id_of(request)  # type: ignore[attr-defined]
        response = get_response(request)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response

    return middleware


def id_of(request: HttpRequest) -> str:
    """The client's, if it is a sane one, or a new one."""
    sent = request.META.get("HTTP_X_REQUEST_ID", "")
    return sent if REQUEST_ID.fullmatch(sent) else uuid4().hex


def acts_are_attributed(get_response: Handler) -> Handler:
    """Let the audit log know whose request it is that an action belongs to."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with audit.attributed_to(request):
            return get_response(request)

    return middleware


def without_trailing_slash(get_response: Handler) -> Handler:
    """Serve every address of the API with and without a trailing slash, and never redirect."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            request.path_info = request.path_info.rstrip("/")
        return get_response(request)

    return middleware


def in_the_readers_language(get_response: Handler) -> Handler:
    """Answer in the language that the reader's cookie or Accept-Language names.

    Django's own does the same, and looks twice for languages in addresses, where we have none.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        translation.activate(translation.get_language_from_request(request))
        response = get_response(request)
        patch_vary_headers(response, ["Accept-Language"])
        response.headers.setdefault("Content-Language", translation.get_language())
        return response

    return middleware


class UnsupportedEncoding(Unreadable):
    code = "unsupported_content_encoding"
    status = 415


def requests_are_readable(get_response: Handler) -> Handler:
    """Refuse compressed bodies, and addresses of control characters or of countless fields."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            _check_readable(request)
        except Unreadable as refusal:
            return refused(request, refusal)
        return get_response(request)

    return middleware


def private_pages_are_not_stored(get_response: Handler) -> Handler:
    """Keep out of every cache what is answered to somebody, and what is done or handed over."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control") and _is_private(request):
            add_never_cache_headers(response)
        return response

    return middleware


def _is_private(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)  # where the API was asked there may be none
    return (
        request.method not in {"GET", "HEAD"}
        or "Authorization" in request.headers
        or "/auth/" in request.path  # states, codes and tokens
        or bool(user and user.is_authenticated)
    )


def refusals_are_worded(get_response: Handler) -> Handler:
    """Show a refusal that a page did not catch as what it is, and not as a fault of ours.

    Django refuses a method without a word; that gets some, too.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            return method_not_allowed(request, response["Allow"])
        return response

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refused(request, exception) if isinstance(exception, Refusal) else None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # Django's hook
    return middleware


def admin_takes_no_nonsense(get_response: Handler) -> Handler:
    """Answer 400 where a list of Django's admin trips over what none of its pages would send."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        view = request.resolver_match.view_name if request.resolver_match else ""
        if not (ADMIN_LIST.fullmatch(view) and isinstance(exception, NONSENSE)):
            return None
        logger.warning("The admin cannot take %s", request.get_full_path(), exc_info=exception)
        return bad_request(request, exception)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # as above
    return middleware


def _check_readable(request: HttpRequest) -> None:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedEncoding(_("Send the body as it is, without compression."))
    check_text(request.path_info)
    check_fields(request.GET)
