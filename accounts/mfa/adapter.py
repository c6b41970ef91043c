"""What allauth asks of us: how to keep secrets, what to call things, what to say."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core import encryption

TOO_MANY = gettext_lazy("Too many wrong codes. Wait a minute and try again.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def add_message(
        self, request: Any, level: int, message_template: str | None = None, *args: Any, **more: Any
    ) -> None:
        """Our own pages say what happened, in three languages; allauth does not speak Kazakh."""
        if message_template is None:
            super().add_message(request, level, None, *args, **more)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # as above
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "This is not right. A code works once and only for a short time: try the next one."
        ),
    }

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text)

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002 - allauth's
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Security key %(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.APP_NAME}
