"""Pages of signing in and out."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import events


@require_http_methods(["GET", "HEAD"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """One button: sign in with Google; then on to `next`, if that is a page of ours."""
    following = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(following, allowed_hosts={request.get_host()}):
        following = ""
    return render(request, "panel/sign_in.html", {"next": following})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    person = request.user.pk
    logout(request)
    if person:
        events.panel_ended(person)
    response = redirect("panel-sign-in")
    # The session's cookie is gone already; what pages left in the browser goes with it.
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def sign_in_failed(request: HttpRequest) -> HttpResponse:
    detail = _("The sign-in did not work. Please try again.")
    return render(request, "error.html", {"status": 400, "detail": detail}, status=400)


def account_blocked(request: HttpRequest) -> HttpResponse:
    detail = _("This account is blocked. Write to us if that is a mistake.")
    return render(request, "error.html", {"status": 403, "detail": detail}, status=403)
