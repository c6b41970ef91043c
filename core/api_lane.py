"""The way of the API's requests, past all that only pages need."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string

API = "/api/v1/"
Handler = Callable[[HttpRequest], HttpResponseBase]


def the_api_has_its_own(get_response: Handler) -> Handler:
    """Lead requests of the API through settings.API_MIDDLEWARE and no further layer of this chain.

    Cookies mean nothing there: it is not even looked whether there is a session.
    """
    answer = _chain()

    def middleware(request: HttpRequest) -> HttpResponseBase:
        is_api = request.path_info.startswith(API)
        return answer(request) if is_api else get_response(request)

    return middleware


def _chain() -> Handler:
    """As Django makes its one, of middleware that has neither views nor templates in mind."""
    end: Any = BaseHandler()
    end._view_middleware, end._template_response_middleware, end._exception_middleware = [], [], []
    answer: Any = convert_exception_to_response(end._get_response)
    for path in reversed(settings.API_MIDDLEWARE):
        layer = import_string(path)(answer)
        if hasattr(layer, "process_exception"):
            end._exception_middleware.append(layer.process_exception)
        answer = convert_exception_to_response(layer)
    return answer  # type: ignore[no-any-return]
