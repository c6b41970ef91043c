"""The pages of the demo Google, in the language of the browser."""

import hashlib
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext_lazy

from accounts import demo_authenticator
from accounts.demo_accounts import DEMO_ACCOUNTS, DemoAccount
from accounts.demo_google.authorization import Authorization, origin, platform_origins

STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


class ChoiceForm(forms.Form):
    """One of the demo accounts, by its `sub`."""

    sub = forms.ChoiceField(choices=[(account.sub, account.name) for account in DEMO_ACCOUNTS])

    def account(self) -> DemoAccount:
        return next(one for one in DEMO_ACCOUNTS if one.sub == self.cleaned_data["sub"])


class AnotherAccountForm(forms.Form):
    """Anybody else; the same e-mail is always the same person."""

    name = forms.CharField(
        label=gettext_lazy("Full name"),
        max_length=100,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    def account(self) -> DemoAccount:
        email = self.cleaned_data["email"].lower()
        known = [one for one in DEMO_ACCOUNTS if one.email == email]
        number = int(hashlib.sha256(email.encode()).hexdigest(), 16) % 10**20
        stranger = DemoAccount(f"2{number:020}", email, self.cleaned_data["name"], "user")
        return known[0] if known else stranger


def chosen_form(request: HttpRequest) -> ChoiceForm | AnotherAccountForm:
    return (ChoiceForm if "sub" in request.POST else AnotherAccountForm)(request.POST)


def consent(asked: Authorization, another: forms.Form, *, status: int = 200) -> HttpResponse:
    context = {"accounts": DEMO_ACCOUNTS, "another": another, "application": asked.client_id}
    response = _page("demo_google/consent.html", context, status)
    # Browsers hold redirects after a form to form-action too, so it names where they lead.
    allowed = sorted({origin(asked.redirect_uri), *platform_origins()})
    response["Content-Security-Policy"] += f"; form-action 'self' {' '.join(allowed)}"
    return response


def refused(reason: str) -> HttpResponse:
    response = _page("demo_google/refused.html", {"reason": reason}, 400)
    response["Content-Security-Policy"] += "; form-action 'none'"
    return response


def authenticator() -> HttpResponse:
    """The codes of the demo's administrator: nobody needs a phone to look around."""
    admin = next(account for account in DEMO_ACCOUNTS if account.role == "admin")
    context = {
        "email": admin.email,
        "code": demo_authenticator.code(),
        "seconds": demo_authenticator.seconds_left(),
    }
    return _page("demo_google/authenticator.html", context, 200)


def style() -> HttpResponse:
    return HttpResponse(STYLE, content_type="text/css; charset=utf-8")


def _page(template: str, context: dict[str, Any], status: int) -> HttpResponse:
    html = render_to_string(template, {**context, "language": get_language()})
    return HttpResponse(
        html,
        status=status,
        headers={
            "Content-Language": get_language() or "",
            "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'"
            "; base-uri 'none'; frame-ancestors 'none'",
            "Vary": "Accept-Language",
        },
    )
