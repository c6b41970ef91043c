"""The administrators' site opens for those alone who have shown a second factor."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.mfa import browser, factors
from accounts.models import User

Handler = Callable[[HttpRequest], HttpResponse]


def administrators_show_a_second_factor(get_response: Handler) -> Handler:
    """Without one, an administrator is sent to set it up; before it is shown, to show it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, *view: Any) -> HttpResponse | None:
        user = request.user
        if not (_is_guarded(request) and isinstance(user, User) and user.is_staff):
            return None  # the site itself turns strangers away
        if not factors.is_enrolled(user):
            return redirect("mfa_index")
        if not browser.has_shown(request.session, user):
            return browser.ask(request)
        browser.note_activity(request.session, user)
        return None

    middleware.process_view = process_view  # type: ignore[attr-defined]  # Django's hook
    return middleware


def _is_guarded(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.app_name == "admin" and match.url_name != "logout"
