"""The pages of the second factor: allauth's, in our frame, each change in the audit log."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.mfa import browser, factors
from accounts.mfa.forms import CodeForm, KeyForm
from accounts.models import User

View = Callable[..., HttpResponse]


def changes_factors(view: View) -> View:
    """Let a signed-in person change their factors; what came and went is audited with it."""

    @login_required
    @require_http_methods(["GET", "HEAD", "POST"])  # Django's form views also take PUT and DELETE
    @wraps(view)
    def page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, **kwargs)
        assert isinstance(request.user, User)
        with transaction.atomic():
            User.objects.select_for_update().get(pk=request.user.pk)
            before = factors.of(request.user)
            response = view(request, **kwargs)
            added = factors.record_changes(request.user, before)
        for factor in Authenticator.objects.filter(pk__in=added, type__in=factors.STRONG):
            browser.note_shown(request, request.user, factor)
        if before != factors.of(request.user):
            messages.success(request, _("Your second factors have changed."))
        return response

    return page


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Everything that is on, with what may be added and removed."""
    assert isinstance(request.user, User)
    rows = Authenticator.objects.filter(user=request.user).order_by("pk")
    kinds = Authenticator.Type
    codes = next((row.wrap() for row in rows if row.type == kinds.RECOVERY_CODES), None)
    context = {
        "app": next((row for row in rows if row.type == kinds.TOTP), None),
        "keys": [row for row in rows if row.type == kinds.WEBAUTHN],
        "has_codes": codes is not None,
        "codes_left": len(codes.get_unused_codes()) if codes else 0,
    }
    return render(request, "mfa/index.html", context)


class ReauthenticateView(base.ReauthenticateView):  # type: ignore[misc]  # allauth is untyped
    """One page for a code and for a security key; then on to what was interrupted."""

    def get_form_class(self) -> type:
        return KeyForm if "credential" in self.request.POST else CodeForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        options = begin_authentication(self.request.user)
        return {**super().get_context_data(**kwargs), "js_data": {"request_options": options}}


authenticate = base.authenticate
reauthenticate = ReauthenticateView.as_view()
add_app = changes_factors(totp.activate_totp)
remove_app = changes_factors(totp.deactivate_totp)
add_key = changes_factors(webauthn.add_webauthn)
rename_key = changes_factors(webauthn.edit_webauthn)
remove_key = changes_factors(webauthn.remove_webauthn)
show_codes = recovery_codes.view_recovery_codes
renew_codes = changes_factors(recovery_codes.generate_recovery_codes)
