"""Checking a code outside of a page: the same rules, limits and memory as on the pages."""

from accounts.mfa.forms import CodeForm
from accounts.models import User
from core.errors import Refusal


class WrongCode(Refusal):
    code = "wrong_code"
    status = 422


class TooManyCodes(Refusal):
    code = "too_many_codes"
    status = 429
    wait = 60  # becomes Retry-After


def check(user: User, code: str) -> None:
    """Accept the code of the person's app, or a recovery code, once; else refuse it.

    After 5 wrong ones within a minute, on pages and in the API together, none is looked at.
    """
    form = CodeForm({"code": code}, user=user)
    if form.is_valid():
        form.authenticator.record_usage()
        return
    reason = str(form.errors["code"][0])
    raise (
        TooManyCodes(reason)
        if form.has_error("code", "too_many_login_attempts")
        else WrongCode(reason)
    )
