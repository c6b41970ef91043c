"""allauth's forms, with our words and with what allauth leaves to us: a code works once."""

import hashlib
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm, ReauthenticateWebAuthnForm
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy

from accounts.models import User

CODE_SECONDS = 120  # longer than any code lives, with a phone whose clock is off
CODE_ATTRIBUTES = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "autocapitalize": "off",
    "spellcheck": "false",
}
NAME_MAX = 60
CREDENTIAL_MAX = 16 * 1024


def code_field(label: Any, **attributes: Any) -> forms.CharField:
    widget = forms.TextInput({**CODE_ATTRIBUTES, **attributes})
    return forms.CharField(label=label, max_length=20, widget=widget)


class CodeForm(ReauthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """A code of the authenticator app, or a recovery code."""

    code = code_field(gettext_lazy("Code"), autofocus=True)

    def clean_code(self) -> str:
        # allauth remembers a used code for half a minute, but accepts it for three times as long.
        if _is_used(self.user, self.cleaned_data["code"]):
            raise _wrong()
        return _used_now(self.user, super().clean_code())

    def save(self) -> None:
        super().save()
        context.request.session.cycle_key()

    @property
    def demo_codes(self) -> str:
        """Where the demo shows its administrator's codes, or ""."""
        return f"{settings.GOOGLE_BASE_URL}/authenticator" if settings.GOOGLE_BASE_URL else ""


class CredentialField(forms.JSONField):
    """What a security key says: a JSON object of a sane size that the database can keep."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        if len(value or "") > CREDENTIAL_MAX or "\\u0000" in (value or ""):
            raise _wrong()
        with _nonsense_is_wrong():
            said = super().to_python(value)
        if not isinstance(said, dict | None):
            raise _wrong()
        return said


class KeyForm(ReauthenticateWebAuthnForm):  # type: ignore[misc]  # as above
    """The answer of a security key."""

    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        with _nonsense_is_wrong():
            return super().clean_credential()

    def save(self) -> None:
        super().save()
        context.request.session.cycle_key()


class ActivateAppForm(ActivateTOTPForm):  # type: ignore[misc]  # as above
    code = code_field(gettext_lazy("The code that the app shows now"))

    def clean_code(self) -> str:
        return _used_now(self.user, super().clean_code())


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]  # as above
    name = forms.CharField(
        label=gettext_lazy("Name of the key"), max_length=NAME_MAX, required=False
    )
    credential = CredentialField()

    def clean(self) -> dict[str, Any]:
        with _nonsense_is_wrong():
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class RenameKeyForm(EditWebAuthnForm):  # type: ignore[misc]  # as above
    name = forms.CharField(label=gettext_lazy("Name of the key"), max_length=NAME_MAX)


def _is_used(user: User, code: str) -> bool:
    return bool(cache.get(_key(user, code)))


def _used_now(user: User, code: str) -> str:
    """The code, for the first who brings it."""
    if not cache.add(_key(user, code), value=True, timeout=CODE_SECONDS):
        raise _wrong()
    return code


def _wrong() -> forms.ValidationError:
    error: forms.ValidationError = get_adapter().validation_error("incorrect_code")
    return error


@contextmanager
def _nonsense_is_wrong() -> Iterator[None]:
    """Allauth and fido2 stumble over an answer that no key has given; that is not our fault."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError, struct.error) as e:
        raise _wrong() from e


def _key(user: User, code: str) -> str:
    digest = hashlib.sha256(normalize_user_code(code).encode()).hexdigest()
    return f"second-factor-code:{user.pk}:{digest}"
